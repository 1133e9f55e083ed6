import type { Reason } from '#core/attempt.ts';
import { withPatience } from '#db/away.ts';
import type { Database } from '#db/client.ts';
import { findFullQuota, findShare } from '#db/queries/admission.ts';
import { findNamedPipeline, listParents } from '#db/queries/child-runs.ts';
import { findRunAnywhere, type RunWithNames } from '#db/queries/find-run.ts';
import { insertRun, type NewRun } from '#db/queries/insert-run.ts';
import { listUnknownEnvironments } from '#db/queries/run-environments.ts';
import { inScope, type Scoped } from '#db/scope.ts';
import { PATIENCE_MS } from './patience.ts';

/** A run with the names of what it belongs to, and what a run is a run of. */
export type RunRecord = RunWithNames;
export type PipelineRecord = NewRun['pipeline'];

/** What a stage needs that starts a run of another pipeline. */
export interface ChildRecords {
  findRun(id: string): Promise<RunWithNames | null>;
  /** Pipelines of the run, of the one that started it, and so on. */
  listParents(runId: string): ReturnType<typeof listParents>;
  /** A pipeline that the server keeps. */
  findNamed(workspaceId: string, name: string): ReturnType<typeof findNamedPipeline>;
  /** Writes the run with its nodes; what starts it is its parent's workflow. Answers why it is not let in. */
  insertChild(run: ChildRun): Promise<Reason | null>;
}

/** A run that a stage of another starts, in the same workspace. */
type ChildRun = NewRun & { parent: NonNullable<NewRun['parent']>; organizationId: string };

/** In Postgres. */
export function createChildRecords(database: Database): ChildRecords {
  const patient = <Result>(act: () => Promise<Result>) => withPatience(act, PATIENCE_MS);
  return {
    findRun: (id) => patient(() => findRunAnywhere(database, id)),
    listParents: (runId) => patient(() => listParents(database, runId)),
    findNamed: (workspaceId, name) => patient(() => findNamedPipeline(database, workspaceId, name)),
    insertChild: (run) =>
      patient(() => {
        const scope = { callerId: '', organizationIds: [run.organizationId], workspaceIds: [run.workspaceId] };
        return inScope(database, scope, async (scoped) => {
          const refused = run.trigger === 'local' ? null : await findRefusal(scoped, run);
          if (!refused) await insertRun(scoped, run);
          return refused;
        });
      }),
  };
}

/** Quotas and environments hold for a run however it was started. */
async function findRefusal(scoped: Scoped, run: ChildRun): Promise<Reason | null> {
  const named = run.compiled.nodes.flatMap((node) => (node.kind === 'stage' ? (node.environment ?? []) : []));
  const [unknown] = named.length > 0 ? await listUnknownEnvironments(scoped, run.workspaceId, named) : [];
  if (unknown !== undefined) {
    return { code: 'environment-unknown', message: `${run.workspace} has no environment "${unknown}"` };
  }
  const { isLimited } = await findShare(scoped, run.workspaceId);
  const full = isLimited ? await findFullQuota(scoped, run.workspaceId) : null;
  if (!full) return null;
  const message = `${run.workspace} has used ${full.used} of its ${full.value} ${full.kind}`;
  return { code: 'quota-exceeded', message, values: full.resetsAt === null ? {} : { resetsAt: full.resetsAt } };
}
