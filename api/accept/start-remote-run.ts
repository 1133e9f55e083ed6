import type { RemoteRunRequest } from '#core/rest-snapshots.ts';
import type { RunObject } from '#core/rest.ts';
import { findSnapshot } from '#db/queries/snapshots.ts';
import type { ApiContext } from '../context.ts';
import { refuseText } from '../pipelines/check-text.ts';
import { ProblemError } from '../problem.ts';
import { commitRun, storePlan, type KeepAnswer, type Starter } from './commit-run.ts';
import { requireExecutors } from './require-executors.ts';
import { requireStoredSecrets } from './require-stored-secrets.ts';
import { SERVER_ENVIRONMENT } from './server-environment.ts';
import { readSnapshotImports } from './snapshot-imports.ts';

/** Where a run is to be. */
export interface RunPlace {
  organizationId: string;
  workspaceId: string;
  /** `org/ws` */
  workspace: string;
}

/**
 * Accepts a run of a file of the caller's machine (`buildit run --remote`): its tree must have been sent whole to this
 * very workspace. Throws 409 `snapshot-missing`, 422 `pipeline-invalid`, `process-executor-off`, `secret-missing`.
 */
export async function startRemoteRun(
  context: ApiContext,
  place: RunPlace,
  request: RemoteRunRequest,
  starter: Starter,
  keepAnswer: KeepAnswer,
): Promise<RunObject> {
  const { organizationId, workspaceId, workspace } = place;
  const snapshot = await starter.data((scoped) => findSnapshot(scoped, workspaceId, request.snapshot));
  if (!snapshot) {
    throw new ProblemError(409, 'snapshot-missing', 'the workspace has no snapshot of this digest', {
      hint: 'send its manifest to POST /api/v1/snapshots, then what is missing, then the manifest again',
    });
  }
  const { plan, diagnostics } = context.compile({
    file: request.file,
    text: request.text,
    facts: { git: request.git, trigger: 'manual', pr: null, env: request.envFile },
    params: request.params,
    executor: request.executor,
    stages: request.stages,
    imports: await readSnapshotImports(context.stores.transfers, snapshot, request.text),
  });
  if (!plan) throw refuseText(request.file, diagnostics);
  requireExecutors(context, { origin: 'remote' }, plan);
  // A file on somebody's machine has secrets of its workspace, of no pipeline.
  await requireStoredSecrets(starter, { id: null, name: null, workspaceId, organizationId }, plan);
  return commitRun(
    context,
    {
      workspaceId,
      workspace,
      pipeline: { kind: 'remote', path: request.file },
      trigger: 'manual',
      branch: request.git?.branch ?? null,
      commit: request.git?.sha || null,
      priority: request.priority ?? 3,
      compiled: plan,
      plan: await storePlan(context, plan),
      source: { kind: 'copy', snapshot },
      environment: SERVER_ENVIRONMENT,
      envFile: request.envFile,
      dockerEndpoint: context.settings.dockerEndpoint,
      maxParallel: request.maxParallel,
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
