import type { ConcurrencyRule } from './concurrency.ts';
import type { GatePlan, LateMatrix, MatrixGroup, Plan, PlanNode, StagePlan } from './plan.ts';
import { listStageTexts } from './stage-texts.ts';
import { listReferences } from './text.ts';

/**
 * The part of the plan that decides order, time and endings: what the workflow gets.
 * Scripts, environment and images stay in the store, where the stage activity reads them,
 * so a history stays small (Temporal: 2 MiB a payload).
 */
export interface Outline {
  digest: string;
  name: string;
  timeoutMs: number | null;
  nodes: OutlineNode[];
  groups: Record<string, MatrixGroup>;
  /** Place of the whole run among others. */
  concurrency?: ConcurrencyRule;
}

export type OutlineStage = Pick<
  StagePlan,
  | 'kind'
  | 'name'
  | 'stage'
  | 'needs'
  | 'runOn'
  | 'ifAllSkipped'
  | 'when'
  | 'reads'
  | 'executor'
  | 'timeoutMs'
  | 'graceMs'
  | 'retry'
  | 'allowFailure'
  | 'artifactsFrom'
  | 'gate'
  | 'generatedBy'
  | 'lateMatrix'
  | 'concurrency'
  | 'child'
  | 'environment'
  | 'runsOn'
> & {
  /** Late paths of other stages whose values the stage is handed, with a default or without. */
  inputs: string[];
  /** It may write more stages of the run; absent where it does not. */
  generates?: true;
};
export type OutlineNode = OutlineStage | GatePlan;

export function outline(plan: Plan): Outline {
  return {
    digest: plan.digest,
    name: plan.pipeline.name,
    timeoutMs: plan.pipeline.timeoutMs ?? null,
    nodes: plan.nodes.map(outlineNode),
    groups: plan.groups,
    ...(plan.concurrency ? { concurrency: plan.concurrency } : {}),
  };
}

/** What the workflow gets of a node. */
export function outlineNode(node: PlanNode): OutlineNode {
  if (node.kind === 'gate') return node;
  if (node.lateMatrix) return outlineLate(node, node.lateMatrix);
  const { kind, name, stage, needs, runOn, ifAllSkipped, when, reads } = node;
  const { executor, timeoutMs, graceMs, retry, allowFailure, artifactsFrom, gate } = node;
  return {
    kind,
    name,
    stage,
    needs,
    runOn,
    ifAllSkipped,
    when,
    reads,
    executor,
    timeoutMs,
    graceMs,
    retry,
    allowFailure,
    artifactsFrom,
    gate,
    ...(node.environment === undefined ? {} : { environment: node.environment }),
    ...(node.child === undefined ? {} : { child: node.child }),
    ...(node.concurrency === undefined ? {} : { concurrency: node.concurrency }),
    ...(node.generatedBy === undefined ? {} : { generatedBy: node.generatedBy }),
    ...(node.runsOn === undefined ? {} : { runsOn: node.runsOn }),
    ...(node.generates ? { generates: true as const } : {}),
    inputs: listInputs(node),
  };
}

/** Until its legs are known it only waits for the values of its axes: condition and gate are those of each leg. */
function outlineLate(stage: StagePlan, lateMatrix: LateMatrix): OutlineStage {
  const { lateMatrix: _, ...leg } = stage;
  const reads = lateMatrix.axes.flatMap((axis) => ('from' in axis ? [axis.from] : []));
  const when = stage.when?.kind === 'decided' ? stage.when : null;
  const node = outlineNode({ ...leg, when, gate: null, reads });
  if (node.kind === 'gate') throw new Error('a stage is no gate');
  return { ...node, inputs: [], lateMatrix };
}

function listInputs(node: StagePlan): string[] {
  const paths = listStageTexts(node)
    .flatMap(listReferences)
    .map((reference) => reference.ref);
  return [...new Set(paths.filter((path) => path.startsWith('stages.')))];
}
