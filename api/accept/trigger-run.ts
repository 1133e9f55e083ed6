import { matchEvent, subscriptionOf } from '#config/pipeline/match.ts';
import type { Plan } from '#core/plan.ts';
import type { TriggerRequest } from '#core/rest-pipelines.ts';
import type { RunObject } from '#core/rest.ts';
import { findVariables } from '#db/queries/pipeline-variables.ts';
import type { PipelineWithNames } from '#db/queries/pipelines.ts';
import type { PipelineVersionRow } from '#db/rows.ts';
import type { Principal } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';
import { canTrigger } from '../objects/pipeline-object.ts';
import { requireText } from '../pipelines/load.ts';
import { ProblemError } from '../problem.ts';
import { commitRun, type KeepAnswer, type Starter } from './commit-run.ts';
import { takeEmptySource } from './empty-source.ts';
import { requireExecutors } from './require-executors.ts';
import { requireStoredSecrets } from './require-stored-secrets.ts';
import { SERVER_ENVIRONMENT } from './server-environment.ts';
import { planRun, type StoredPlan } from './server-plan.ts';

/** How a run of a pipeline is asked for through the API. */
type RequestedBy = 'manual' | 'api';

/** A trigger whose text was found and compiled, and that nothing speaks against. */
export interface CheckedTrigger extends StoredPlan {
  /** Of the pipeline, the lowest layer of its environment. */
  variables: Record<string, string>;
  pipeline: PipelineWithNames;
  version: PipelineVersionRow;
}

/**
 * Finds and compiles the text of a pipeline for a trigger. Throws 409 `pipeline-disabled`, `pipeline-local`,
 * `trigger-missing`, 422 `pipeline-invalid`, `process-executor-off`, `secret-missing`.
 */
export async function checkTrigger(
  context: ApiContext,
  pipelineId: string,
  request: TriggerRequest,
  starter: Starter,
): Promise<CheckedTrigger> {
  const found = await starter.data(async (scoped) => ({
    ...(await requireText(scoped, pipelineId)),
    variables: (await findVariables(scoped, pipelineId))?.variables ?? {},
  }));
  const can = canTrigger(found.pipeline, starter.principal);
  if (can !== true) throw new ProblemError(409, can.code, can.no, { hint: hintOf(can.code, found.pipeline.name) });
  const stored = await planRun(context, {
    name: found.pipeline.name,
    text: found.version.text,
    digest: found.version.digest,
    trigger: triggerOf(starter.principal),
    branch: request.branch ?? null,
    commit: request.commit ?? null,
    params: Object.fromEntries(Object.entries(request.params ?? {}).map(([name, value]) => [name, String(value)])),
    stages: request.stages ?? [],
    env: found.variables,
  });
  requireTrigger(stored.plan, found.pipeline.name, triggerOf(starter.principal));
  requireExecutors(context, found.pipeline, stored.plan);
  await requireStoredSecrets(starter, found.pipeline, stored.plan);
  return { ...found, ...stored };
}

/** Starts a run of a pipeline on the server (UI §9): accepted once run and outbox row are committed. */
export async function triggerRun(
  context: ApiContext,
  pipelineId: string,
  request: TriggerRequest,
  starter: Starter,
  keepAnswer: KeepAnswer,
): Promise<RunObject> {
  const { pipeline, version, plan, reference, variables } = await checkTrigger(context, pipelineId, request, starter);
  return commitRun(
    context,
    {
      workspaceId: pipeline.workspaceId,
      workspace: pipeline.workspace,
      pipeline: { kind: 'server', id: pipeline.id, name: pipeline.name, version: version.version },
      trigger: triggerOf(starter.principal),
      branch: request.branch ?? null,
      commit: request.commit ?? null,
      priority: request.priority ?? 3,
      compiled: plan,
      plan: reference,
      source: await takeEmptySource(context.stores.snapshots),
      environment: SERVER_ENVIRONMENT,
      envFile: variables,
      dockerEndpoint: context.settings.dockerEndpoint,
      maxParallel: request.maxParallel ?? null,
      secretFile: null,
      secrets: {},
      carried: {},
      rerunOf: null,
      debug: null,
    },
    starter,
    keepAnswer,
  );
}

/** `manual`: a person, in a browser or at a command line; `api`: a program with a token of its own. */
function triggerOf(principal: Principal): RequestedBy {
  return principal.via === 'token' && principal.sessionId === null ? 'api' : 'manual';
}

/** A file that says what starts it is started by nothing else: `on "push"` alone is no leave for people or programs. */
function requireTrigger(plan: Plan, name: string, by: RequestedBy): void {
  const { kind } = matchEvent(subscriptionOf(plan), { kind: by });
  if (kind === 'runs') return;
  const who = by === 'manual' ? 'people' : 'programs';
  throw new ProblemError(409, 'trigger-missing', `pipeline ${name} is not to be started by ${who}`, {
    hint: `add to its file: on "${by}"`,
  });
}

function hintOf(code: string, name: string): string {
  return code === 'pipeline-disabled' ? `buildit pipelines enable ${name}` : 'buildit run FILE runs a file';
}
