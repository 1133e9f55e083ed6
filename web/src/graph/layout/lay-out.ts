import { createLayers } from './layers.ts';
import { NODE_HEIGHT, NODE_WIDTH, RANK_PITCH } from './measure.ts';
import { orderRanks } from './order-ranks.ts';
import { placeRows } from './place-rows.ts';
import { indexGraph, rankNodes } from './rank-nodes.ts';

/** What is laid out: names in the order of the file, edges from the need to its dependent. Never a status. */
export interface LayoutInput {
  nodes: readonly string[];
  edges: readonly (readonly [from: string, to: string])[];
}

/** px; equal input gives an equal layout. */
export interface Layout {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

export interface PlacedNode {
  name: string;
  rank: number;
  /** Place in its rank among nodes, from the top. */
  row: number;
  /** Of the upper left corner. */
  x: number;
  y: number;
}

/** `lane`: height at which the edge crosses each rank between its ends. */
export interface PlacedEdge {
  from: string;
  to: string;
  lane: number[];
}

/** Lays a graph out from left to right, a rank a column (UI §6). */
export function layOut({ nodes: names, edges }: LayoutInput): Layout {
  const graph = indexGraph(names, edges);
  const ranks = rankNodes(graph);
  const layers = createLayers(graph, ranks);
  const order = orderRanks(layers);
  const middles = placeRows(layers, order);
  const rows = new Map(
    order.flatMap((rank) => rank.filter((item) => item < names.length).map((item, row) => [item, row])),
  );
  const nodes = names.map((name, index): PlacedNode => {
    const rank = ranks[index] ?? 0;
    const y = (middles[index] ?? 0) - NODE_HEIGHT / 2;
    return { name, rank, row: rows.get(index) ?? 0, x: rank * RANK_PITCH, y };
  });
  const placed = names.flatMap((from, index) =>
    (graph.dependents[index] ?? []).map((target): PlacedEdge => {
      const length = (ranks[target] ?? 0) - (ranks[index] ?? 0) - 1;
      const lane = (layers.lanes[index] ?? []).slice(0, length).map((item) => middles[item] ?? 0);
      return { from, to: names[target] ?? '', lane };
    }),
  );
  const bottom = middles.reduce(
    (most, middle, index) => Math.max(most, middle + (index < names.length ? NODE_HEIGHT / 2 : 0)),
    0,
  );
  return {
    nodes,
    edges: placed,
    width: Math.max(0, order.length * RANK_PITCH - (RANK_PITCH - NODE_WIDTH)),
    height: bottom,
  };
}
