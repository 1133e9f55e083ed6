import type { IndexedGraph } from './rank-nodes.ts';

/**
 * Something with a place in a rank: a node, or where the lane of a node's longer edges passes through the rank. All
 * edges of one node share one lane, so that a fan of long edges is one line until it branches.
 */
export interface Item {
  /** Of the node itself or, of a lane, of the node it comes from. */
  node: number;
  isLane: boolean;
  rank: number;
  /** Items of the rank before, and of the rank behind. */
  before: number[];
  after: number[];
}

export interface Layers {
  /** The nodes first, at their own indices, then lanes. */
  items: Item[];
  /** Indices of items, by rank, in the order of the file. */
  ranks: number[][];
  /** Of each node: its lane's items, from the rank behind its own on. */
  lanes: number[][];
}

/** Puts nodes and lanes into their ranks and joins neighbours: every link then spans one rank. */
export function createLayers(graph: IndexedGraph, nodeRanks: readonly number[]): Layers {
  const items = nodeRanks.map((rank, node): Item => ({ node, isLane: false, rank, before: [], after: [] }));
  const lanes: number[][] = nodeRanks.map(() => []);
  const join = (left: number, right: number): void => {
    items[left]?.after.push(right);
    items[right]?.before.push(left);
  };
  for (let node = 0; node < graph.size; node += 1) {
    const from = nodeRanks[node] ?? 0;
    const targets = graph.dependents[node] ?? [];
    const last = targets.reduce((most, target) => Math.max(most, nodeRanks[target] ?? 0), from);
    const lane = lanes[node] ?? [];
    for (let rank = from + 1; rank < last; rank += 1) {
      const index = items.push({ node, isLane: true, rank, before: [], after: [] }) - 1;
      join(lane.at(-1) ?? node, index);
      lane.push(index);
    }
    for (const target of targets) {
      const behind = (nodeRanks[target] ?? 0) - from - 2;
      join(behind < 0 ? node : (lane[behind] ?? node), target);
    }
  }
  const ranks: number[][] = Array.from({ length: Math.max(-1, ...nodeRanks) + 1 }, () => []);
  items.forEach((item, index) => ranks[item.rank]?.push(index));
  return { items, ranks, lanes };
}
