import type { FoldedGraph } from '../fold/fold-graph.ts';
import { awaitsDecision, type GraphStage, hasFailed, isExecuting } from '../graph-stage.ts';
import type { Layout, PlacedNode } from '../layout/lay-out.ts';

/** The node that Tab comes to: the first that failed, else one that waits for a decision, else one that runs, else the first. */
export function findEntry({ items }: FoldedGraph, stages: ReadonlyMap<string, GraphStage>): string | null {
  const find = (test: (stage: GraphStage) => boolean) =>
    items.find(({ members }) =>
      members.some((name) => {
        const stage = stages.get(name);
        return stage !== undefined && test(stage);
      }),
    )?.name;
  return find(hasFailed) ?? find(awaitsDecision) ?? find(isExecuting) ?? items[0]?.name ?? null;
}

/** Where an arrow leads: to the first dependent or need, or to the neighbour in the rank; null when there is none. */
export function findNext(layout: Layout, from: string, key: string): string | null {
  const here = layout.nodes.find(({ name }) => name === from);
  if (!here) return null;
  const places = new Map(layout.nodes.map((node) => [node.name, node]));
  const highest = (names: readonly string[]) =>
    names
      .flatMap((name) => places.get(name) ?? [])
      .reduce<PlacedNode | null>((best, node) => (best && best.row <= node.row ? best : node), null)?.name ?? null;
  const inRank = (step: number) =>
    layout.nodes.find(({ rank, row }) => rank === here.rank && row === here.row + step)?.name ?? null;
  switch (key) {
    case 'ArrowRight':
      return highest(layout.edges.filter((edge) => edge.from === from).map(({ to }) => to));
    case 'ArrowLeft':
      return highest(layout.edges.filter((edge) => edge.to === from).map((edge) => edge.from));
    case 'ArrowUp':
      return inRank(-1);
    case 'ArrowDown':
      return inRank(1);
    default:
      return null;
  }
}
