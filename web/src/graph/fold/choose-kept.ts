import { awaitsDecision, type GraphStage, hasFailed, isExecuting } from '../graph-stage.ts';
import { indexGraph, rankNodes } from '../layout/rank-nodes.ts';
import { foldGraph, type FoldedGraph, type FoldItem } from './fold-graph.ts';
import type { Group } from './list-groups.ts';

/** Nodes that a graph shows at first. */
export const MOST_AT_FIRST = 200;

/**
 * Which items stay visible in a graph of more than 200: failed with its chain, waiting for a decision, running, the
 * critical path, then order in the file. Null when all do. Asked once: a status that changes later moves nothing.
 */
export function chooseKept(
  stages: readonly GraphStage[],
  groups: readonly Group[],
  critical: ReadonlySet<string>,
): ReadonlySet<string> | null {
  const whole = foldGraph(stages, groups, { open: new Set(), kept: null });
  if (whole.items.length <= MOST_AT_FIRST) return null;
  const wanted = orderByWeight(whole, stages, critical);
  // What is left stands in one fold between two ranks with visible items, so there may be many: keep less until all fit.
  for (let count = MOST_AT_FIRST; count > 1; count = Math.floor(count * 0.9)) {
    const kept = new Set(wanted.slice(0, count));
    if (foldGraph(stages, groups, { open: new Set(), kept }).items.length <= MOST_AT_FIRST) return kept;
  }
  return new Set(wanted.slice(0, 1));
}

function orderByWeight(graph: FoldedGraph, stages: readonly GraphStage[], critical: ReadonlySet<string>): string[] {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const holds = (item: FoldItem, test: (stage: GraphStage) => boolean) =>
    item.members.some((name) => {
      const stage = byName.get(name);
      return stage !== undefined && test(stage);
    });
  const chain = findChains(graph, (item) => holds(item, hasFailed));
  const weigh = (item: FoldItem): number => {
    if (holds(item, hasFailed)) return 0;
    if (chain.has(item.name)) return 1;
    if (holds(item, awaitsDecision)) return 2;
    if (holds(item, isExecuting)) return 3;
    return item.members.some((name) => critical.has(name)) ? 4 : 5;
  };
  const weights = new Map(graph.items.map((item) => [item.name, weigh(item)]));
  return graph.items
    .map(({ name }) => name)
    .toSorted((left, right) => (weights.get(left) ?? 0) - (weights.get(right) ?? 0));
}

/** Of each chosen item one way back to the beginning: the first need, its first need, and so on. */
function findChains({ items, edges }: FoldedGraph, isChosen: (item: FoldItem) => boolean): Set<string> {
  const names = items.map(({ name }) => name);
  const graph = indexGraph(
    names,
    edges.map(({ from, to }) => [from, to] as const),
  );
  const ranks = rankNodes(graph);
  const chain = new Set<string>();
  items.forEach((item, index) => {
    if (!isChosen(item)) return;
    for (let node: number | undefined = index; node !== undefined; node = nearest(node)) chain.add(names[node] ?? '');
  });
  return chain;

  /** The need that stands right before it. */
  function nearest(node: number): number | undefined {
    return graph.needs[node]?.find((need) => ranks[need] === (ranks[node] ?? 0) - 1);
  }
}
