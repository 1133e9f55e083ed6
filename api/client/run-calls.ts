import type { Plan } from '#core/plan.ts';
import type { CancelledRuns, CancelRunsRequest, RerunRuns, RerunRunsRequest } from '#core/rest-batch.ts';
import type { ComparisonObject } from '#core/rest-compare.ts';
import type { ApprovedGates, ApproveGatesRequest } from '#core/rest-gates.ts';
import type {
  ArtifactObject,
  CommandObject,
  DecisionRequest,
  GateObject,
  Page,
  RerunRequest,
  RunObject,
  StageObject,
  StartRunRequest,
  WhyObject,
} from '#core/rest.ts';
import { openDownload } from './download.ts';
import { toQuery, type Http } from './http.ts';

/** Filters of `GET runs`. */
export interface RunQuery {
  workspace?: string | null;
  limit?: number;
  cursor?: string | null;
  pipeline?: string;
  status?: string;
}

/** Runs and what they consist of. A reference is an id or a label: `local/17`, `17.2`, `@last`, `shop-api#142`. */
export function runCalls({ get, list, write, transport }: Http) {
  const encode = encodeURIComponent;
  const runPath = (reference: string) => `runs/${encode(reference)}`;
  const command = (reference: string, name: string, body: unknown, key?: string) =>
    write<RunObject | CommandObject>('POST', `${runPath(reference)}/${name}`, body, key === undefined ? {} : { key });
  return {
    /** Accepts a local run (ENGINE 11). */
    startRun: (body: StartRunRequest, key?: string) =>
      write<RunObject>('POST', 'runs', body, key === undefined ? {} : { key }),
    /** Newest first. */
    listRuns: (query: RunQuery = {}) => get<Page<RunObject>>(`runs${toQuery({ ...query })}`),
    getRun: (reference: string) => get<RunObject>(runPath(reference)),
    getPlan: (reference: string) => get<Plan>(`${runPath(reference)}/plan`),
    listStages: (reference: string) => list<StageObject>(`${runPath(reference)}/stages`),
    listGates: (reference: string) => list<GateObject>(`${runPath(reference)}/gates`),
    listArtifacts: (reference: string) => list<ArtifactObject>(`${runPath(reference)}/artifacts`),
    /** What is in it; `digest` is the SHA-256 of a file's content, null of folders and links. */
    listArtifactFiles: (id: string) =>
      list<{ path: string; bytes: number; digest: string | null }>(`artifacts/${encode(id)}/files`),
    /** The tree of an artifact as a tar stream, verified on its way; it goes on where it was cut off. */
    getArtifact: (id: string) => openDownload(transport, `artifacts/${encode(id)}/content`),
    explainStage: (reference: string, stage: string) =>
      get<WhyObject>(`${runPath(reference)}/why${toQuery({ stage })}`),
    compareRuns: (base: string, head: string) => get<ComparisonObject>(`runs/compare${toQuery({ base, head })}`),
    /** A command object when the workflow had no verdict within 5 s. So with every command below. */
    cancelRun: (reference: string, force: boolean, key?: string) => command(reference, 'cancel', { force }, key),
    /** All of them or none; of one workspace. So with the one below. */
    cancelRuns: (workspace: string | null, body: CancelRunsRequest) =>
      write<CancelledRuns>('POST', `runs/cancel${toQuery({ workspace })}`, body),
    rerunRuns: (workspace: string | null, body: RerunRunsRequest) =>
      write<RerunRuns>('POST', `runs/rerun${toQuery({ workspace })}`, body),
    pauseRun: (reference: string) => command(reference, 'pause', {}),
    resumeRun: (reference: string) => command(reference, 'resume', {}),
    rerun: (reference: string, body: RerunRequest, key?: string) =>
      write<RunObject>('POST', `${runPath(reference)}/rerun`, body, key === undefined ? {} : { key }),
    decide: (gateId: string, body: DecisionRequest, key?: string) =>
      write<GateObject | CommandObject>(
        'POST',
        `gates/${encode(gateId)}/decisions`,
        body,
        key === undefined ? {} : { key },
      ),
    /** Gates of one environment together. */
    approveGates: (body: ApproveGatesRequest, key?: string) =>
      write<ApprovedGates>('POST', 'gates/decisions', body, key === undefined ? {} : { key }),
    getCommand: (id: string) => get<CommandObject>(`commands/${encode(id)}`),
  };
}
