import { isAbsolute, relative } from 'node:path';
import { readFolder } from '#config/pipeline/reuse/read-folder.ts';
import type { CommitPlace } from '#core/concurrency.ts';
import type { Plan } from '#core/plan.ts';
import type { RunObject, StartRunRequest } from '#core/rest.ts';
import { readCommitPlace } from '#store/snapshot/commit-place.ts';
import type { SourceRoot } from '#store/snapshot/port.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { commitRun, storePlan, type KeepAnswer, type Starter } from './commit-run.ts';
import { LOCAL_RUN } from './local-run.ts';
import { requireSecrets } from './require-secrets.ts';

/**
 * Accepts a local run (ENGINE 11): compiles the text again, whose plan is the one that counts, takes the snapshot of
 * the source while it does, and answers when all of it is kept. Throws problems: 422 `pipeline-invalid` with the
 * diagnostics, 422 `secret-missing`.
 */
export async function startRun(
  context: ApiContext,
  request: StartRunRequest,
  starter: Starter,
  keepAnswer: KeepAnswer,
): Promise<RunObject> {
  // The snapshot begins first: it is the longest part, and the sooner it is taken the closer it is to the call.
  const without = request.secretFile === null ? [] : [request.secretFile];
  const taking = request.inPlace ? null : context.stores.snapshots.take(request.root, { git: request.git, without });
  // Awaited below; a failure before that must not leave it unhandled.
  taking?.catch(() => {});
  const found = await context.findSourceRoot(request.file);
  const plan = compileIn(context, request, found);
  await requireSecrets(plan.secrets, request);
  const reference = await storePlan(context, plan);
  const snapshot = await taking;
  return commitRun(
    context,
    {
      ...LOCAL_RUN,
      branch: plan.git?.branch ?? null,
      commit: plan.git?.sha ?? null,
      pipeline: { kind: 'local', path: request.file, from: found },
      compiled: snapshot ? { ...plan, notices: [...plan.notices, ...snapshot.notices] } : plan,
      plan: reference,
      source: snapshot
        ? { kind: 'copy', snapshot: { digest: snapshot.digest, files: snapshot.files, bytes: snapshot.bytes } }
        : { kind: 'in-place', folder: request.root },
      environment: request.environment,
      envFile: request.envFile,
      dockerEndpoint: request.docker?.endpoint ?? null,
      maxParallel: request.maxParallel,
      secretFile: request.secretFile,
      secrets: pick(request.secrets, plan.secrets),
      carried: {},
      commitPlace: await findCommitPlace(request.root, plan),
      rerunOf: null,
      debug: request.debug,
    },
    starter,
    keepAnswer,
  );
}

/** The plan of a request. Throws 422 `pipeline-invalid` with every diagnostic. */
export async function compileRequest(context: ApiContext, request: StartRunRequest): Promise<Plan> {
  return compileIn(context, request, await context.findSourceRoot(request.file));
}

function compileIn(context: ApiContext, request: StartRunRequest, { git, defaultBranch }: SourceRoot): Plan {
  const inside = relative(request.root, request.file);
  const file = inside.startsWith('..') || isAbsolute(inside) ? request.file : inside;
  const { plan, diagnostics } = context.compile({
    file,
    text: request.text,
    facts: { git, trigger: 'local', pr: null, env: request.envFile, ...(defaultBranch ? { defaultBranch } : {}) },
    params: request.params,
    executor: request.executor,
    stages: request.stages,
    imports: readFolder({ root: request.root, base: request.root, main: file }),
  });
  if (plan) return plan;
  const count = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  throw new ProblemError(422, 'pipeline-invalid', `${request.file} has ${count} ${count === 1 ? 'error' : 'errors'}`, {
    hint: `buildit validate ${request.file}`,
    diagnostics,
  });
}

/** Asked of git only where a `skip-older` goes by it. */
function findCommitPlace(root: string, plan: Plan): Promise<CommitPlace | null> | null {
  const rules = [plan.concurrency, ...plan.nodes.map((node) => (node.kind === 'stage' ? node.concurrency : undefined))];
  const branch = plan.git?.branch;
  return branch && rules.some((rule) => rule?.whenBusy === 'skip-older') ? readCommitPlace(root, branch) : null;
}

/** Values that no stage of the plan asks for are not kept. */
function pick(values: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}
