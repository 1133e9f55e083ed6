import { v7 as createId } from 'uuid';
import type { ObjectReference } from '#core/attempt.ts';
import type { CommitPlace } from '#core/concurrency.ts';
import { outline } from '#core/outline.ts';
import { packOutline } from '#core/packed-outline.ts';
import type { Plan } from '#core/plan.ts';
import type { RunObject } from '#core/rest.ts';
import type { NodeResult, RunInput } from '#core/run.ts';
import { insertRun, type NewRun } from '#db/queries/insert-run.ts';
import type { RunRow } from '#db/rows.ts';
import type { Scoped } from '#db/scope.ts';
import { putPlan } from '#store/object/put-plan.ts';
import type { OrganizationGrant, Principal } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';
import { toRunObject } from '../objects/run-object.ts';
import { urlOfRun } from '../objects/run-url.ts';
import { ProblemError } from '../problem.ts';
import type { Call } from '../route.ts';
import { admitRun } from './admit-run.ts';
import { refuseDuringMaintenance } from './refuse-during-maintenance.ts';
import { requireEnvironments } from './require-environments.ts';

/** A run whose text, source and secrets are settled: what is left is to write it down. */
export interface AcceptedRun extends Pick<
  NewRun,
  | 'workspaceId'
  | 'workspace'
  | 'pipeline'
  | 'trigger'
  | 'branch'
  | 'commit'
  | 'priority'
  | 'compiled'
  | 'source'
  | 'environment'
  | 'envFile'
  | 'dockerEndpoint'
  | 'maxParallel'
  | 'rerunOf'
  | 'debug'
> {
  plan: ObjectReference;
  carried: Record<string, NodeResult>;
  /** Where its commit stands on its branch; null when nobody knows, or asks. */
  commitPlace?: CommitPlace | null;
  secretFile: string | null;
  /** Values that are sealed until the run ends. */
  secrets: Record<string, string>;
}

/** Called in the transaction that inserts the run, so that the answer to a repeated request is kept with it. */
export type KeepAnswer = (scoped: Scoped, run: RunObject) => Promise<void>;

/**
 * Who starts it, and in whose transaction it is written: briefly where it is one of its own, for runs of one pipeline
 * stand in line for their number.
 */
export type Starter = Pick<Call, 'principal' | 'data'> & Partial<Pick<Call, 'dataBriefly'>>;

/**
 * Seals the secrets, then inserts run, nodes and outbox row in one transaction. Secrets of a run that was not inserted
 * after all are forgotten. Throws 503 `maintenance`, 422 `run-too-large`, `environment-unknown`, 429 or 409 `quota-exceeded`.
 */
export async function commitRun(
  context: ApiContext,
  run: AcceptedRun,
  starter: Starter,
  keepAnswer: KeepAnswer,
): Promise<RunObject> {
  const { stores } = context;
  const { actor: startedBy, person } = starter.principal;
  const id = createId();
  refuseTooLarge(createInput(id, run, person, { number: 0, attempt: 0, label: '' }, ''));
  if (run.secretFile !== null) await stores.secrets.point(id, run.secretFile);
  if (Object.keys(run.secrets).length > 0) await stores.secrets.seal(id, run.secrets);
  context.reach?.('run-before-commit');
  try {
    const inserted = await (starter.dataBriefly ?? starter.data)(async (scoped) => {
      await refuseDuringMaintenance(scoped);
      const isLocal = run.pipeline.kind === 'local';
      if (!isLocal) await requireEnvironments(scoped, run);
      const share = isLocal ? null : await admitRun(scoped, run);
      // No gate of it asks yet.
      const organizationId = organizationOf(starter.principal, run.workspaceId);
      const describe = (row: RunRow) => toRunObject({ ...row, ...namesOf(run), organizationId }, [], starter.principal);
      const accepted: NewRun = {
        ...run,
        id,
        startedBy,
        createInput(identity) {
          const address = context.publicUrl();
          const path = urlOfRun({ ...namesOf(run), ...identity, pipelineVersion: versionOf(run) });
          // Empty while no port is open (ENGINE 13).
          const input = createInput(id, run, person, identity, address === null ? '' : `${address}${path}`);
          return { ...input, ...(share ? { share } : {}) };
        },
      };
      return describe(await insertRun(scoped, accepted, (row) => keepAnswer(scoped, describe(row))));
    });
    context.reach?.('run-after-commit');
    context.nudgeRelay();
    return inserted;
  } catch (error) {
    await stores.secrets.forget(id).catch(() => {});
    throw error;
  }
}

/** Of a workflow's input as JSON; Temporal takes 2 MiB a payload. */
const INPUT_MAX_BYTES = 1_500_000;

/** An accepted run can be started: what Temporal would refuse is refused here. */
function refuseTooLarge(input: RunInput): void {
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes <= INPUT_MAX_BYTES) return;
  const carried = Buffer.byteLength(JSON.stringify(input.carried));
  const detail = `the run takes ${bytes} bytes to start, ${carried} of them carried results; it may take ${INPUT_MAX_BYTES}`;
  const isCarried = carried > bytes / 2;
  throw new ProblemError(422, 'run-too-large', detail, {
    hint: isCarried ? 'run all of it again: buildit retry RUN --all' : 'split the pipeline, or give it fewer legs',
  });
}

function createInput(
  runId: string,
  run: AcceptedRun,
  startedBy: string,
  { number, attempt, label }: { number: number; attempt: number; label: string },
  url: string,
): RunInput {
  return {
    runId,
    workspace: run.workspace,
    run: { number, attempt, label, url, trigger: run.trigger },
    plan: run.plan,
    outline: packOutline(outline(run.compiled)),
    maxParallel: run.maxParallel,
    carried: run.carried,
    startedBy,
    ...(run.commitPlace ? { commit: run.commitPlace } : {}),
  };
}

function namesOf({ workspace, pipeline, compiled }: AcceptedRun) {
  const pipelineName = pipeline.kind === 'server' ? pipeline.name : compiled.pipeline.name;
  if (pipeline.kind === 'server') {
    const nowhere = { pipelineRepository: null, pipelineDefaultBranch: null };
    return { workspace, pipelineName, pipelinePath: compiled.file, ...nowhere };
  }
  const { repository: pipelineRepository = null, defaultBranch: pipelineDefaultBranch = null } = pipeline.from ?? {};
  return { workspace, pipelineName, pipelinePath: pipeline.path, pipelineRepository, pipelineDefaultBranch };
}

function versionOf({ pipeline }: AcceptedRun): number | null {
  return pipeline.kind === 'server' ? pipeline.version : null;
}

function organizationOf(principal: Principal, workspaceId: string): string {
  const owns = ({ workspaces }: OrganizationGrant) => workspaces.some(({ id }) => id === workspaceId);
  const organization = principal.organizations.find(owns);
  if (!organization) throw new Error('a run is started in a workspace of its starter');
  return organization.id;
}

/** Puts the plan where stage activities read it. */
export function storePlan(context: ApiContext, plan: Plan): Promise<ObjectReference> {
  return putPlan(context.stores.objects, plan);
}

/** The stored plan of a run. */
export async function loadPlan(context: ApiContext, reference: ObjectReference): Promise<Plan> {
  const bytes = await context.stores.objects.get(reference.key);
  if (!bytes) throw new Error(`the plan ${reference.key} is not in the store`);
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as Plan;
}
