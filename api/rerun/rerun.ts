import { chooseCarried } from '#core/choose-carried.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import type { RerunRequest, RunObject } from '#core/rest.ts';
import type { NodeResult } from '#core/run.ts';
import { listStageSecrets } from '#core/stage-texts.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import type { RunPipeline } from '#db/queries/insert-run.ts';
import { listStages } from '#db/queries/read-run.ts';
import type { StageRow } from '#db/rows.ts';
import { commitRun, loadPlan, type KeepAnswer, type Starter } from '../accept/commit-run.ts';
import { requireSecrets } from '../accept/require-secrets.ts';
import { requireStoredSecrets } from '../accept/require-stored-secrets.ts';
import type { ApiContext } from '../context.ts';
import { canRerun } from '../objects/run-object.ts';
import { ProblemError } from '../problem.ts';

/**
 * A new run with the same number, plan and source that carries the results which stand (ARCHITECTURE §4). Secrets are
 * given anew (ENGINE 15). Throws 409 `run-open`, `nothing-failed`, 422 `stage-unknown`, `secret-missing`.
 */
export async function rerun(
  context: ApiContext,
  run: RunWithNames,
  request: RerunRequest,
  starter: Starter,
  keepAnswer: KeepAnswer,
): Promise<RunObject> {
  const can = canRerun(run);
  if (can !== true) throw new ProblemError(409, can.code, can.no, { hint: `buildit runs watch ${run.label}` });
  const plan = await loadPlan(context, run.plan);
  const stages = await starter.data((scoped) => listStages(scoped, run.id));
  const results = Object.fromEntries(stages.flatMap((stage) => toResult(stage, run.label)));
  const carried = chooseCarried(plan, results, request);
  if (carried === null) throw refuseUnknown(plan, 'name' in request ? request.name : '');
  if (Object.keys(carried).length === plan.nodes.length) {
    throw new ProblemError(409, 'nothing-failed', `every stage of ${run.label} succeeded`, {
      hint: `buildit retry ${run.label} --all runs all of it again`,
    });
  }
  const secretFile = request.secretFile ?? run.secretFile;
  const secrets = request.secrets ?? {};
  const nodes = plan.nodes.filter((node) => !Object.hasOwn(carried, node.name));
  if (run.scope === 'local') await requireSecrets(listSecrets(nodes), { secretFile, secrets });
  else await requireStoredSecrets(starter, { ...run, id: run.pipelineId, name: run.pipelineName }, { nodes });
  return commitRun(
    context,
    {
      workspaceId: run.workspaceId,
      workspace: run.workspace,
      pipeline: pipelineOf(run),
      trigger: run.trigger,
      branch: run.branch,
      commit: run.commit,
      priority: run.priority,
      compiled: plan,
      plan: run.plan,
      source: run.source,
      environment: run.environment,
      envFile: run.envFile,
      dockerEndpoint: run.dockerEndpoint,
      maxParallel: run.maxParallel,
      debug: request.shell ? { shellOnFailure: true, breakAt: [] } : null,
      rerunOf: { id: run.id, scope: run.scope, number: run.number },
      carried,
      secretFile,
      secrets,
    },
    starter,
    keepAnswer,
  );
}

function pipelineOf(run: RunWithNames): RunPipeline {
  const { pipelineId: id, pipelineName: name, pipelinePath: path, pipelineVersion: version } = run;
  if (version !== null) return { kind: 'server', id, name, version };
  const from = { repository: run.pipelineRepository, defaultBranch: run.pipelineDefaultBranch };
  return { kind: run.scope === 'local' ? 'local' : 'remote', path, from };
}

/** A result keeps the label of the run that made it, over any number of re-runs. */
function toResult(stage: StageRow, label: string): [string, NodeResult][] {
  if (stage.status.kind !== 'ended') return [];
  return [
    [
      stage.name,
      {
        ending: stage.status.ending,
        reason: stage.reason,
        outputs: stage.outputs,
        artifacts: stage.artifacts,
        attempts: stage.attemptCount,
        carriedFrom: stage.carriedFrom ?? label,
      },
    ],
  ];
}

function listSecrets(nodes: readonly PlanNode[]): string[] {
  return [...new Set(nodes.flatMap((node) => (node.kind === 'stage' ? listStageSecrets(node) : [])))].toSorted();
}

function refuseUnknown(plan: Plan, name: string): ProblemError {
  return new ProblemError(422, 'stage-unknown', `the run has no stage ${name}`, {
    hint: `it has ${plan.nodes
      .map((node) => node.name)
      .slice(0, 20)
      .join(', ')}`,
  });
}
