import type { GatePlan, MatrixGroup, Plan, PlanNode, StagePlan } from './plan.ts';
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
> & {
  /** Late paths of other stages whose values the stage is handed, with a default or without. */
  inputs: string[];
};
export type OutlineNode = OutlineStage | GatePlan;

export function outline(plan: Plan): Outline {
  return {
    digest: plan.digest,
    name: plan.pipeline.name,
    timeoutMs: plan.pipeline.timeoutMs ?? null,
    nodes: plan.nodes.map(outlineNode),
    groups: plan.groups,
  };
}

function outlineNode(node: PlanNode): OutlineNode {
  if (node.kind === 'gate') return node;
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
    inputs: listInputs(node),
  };
}

function listInputs(node: StagePlan): string[] {
  const texts = [...Object.values(node.env), node.image?.ref ?? '', node.workdir ?? ''];
  const paths = texts.flatMap(listReferences).map((reference) => reference.ref);
  return [...new Set(paths.filter((path) => path.startsWith('stages.')))];
}
