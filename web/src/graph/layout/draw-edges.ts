import type { PlacedEdge, PlacedNode } from './lay-out.ts';
import { NODE_HEIGHT, NODE_WIDTH, RANK_GAP, RANK_PITCH } from './measure.ts';

/** A part of the graph, px. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Attribute `d` of a path for each rank: what leads out of it, and what crosses it to later ones. A path a rank, as a
 * browser draws a long path whole for every tile it touches. What edges of a node share is drawn once.
 */
export function drawEdges(edges: readonly PlacedEdge[], nodes: ReadonlyMap<string, PlacedNode>): string[] {
  const ranks: string[][] = [];
  const drawn = new Set<string>();
  for (const { from: need, to: dependent, lane } of edges) {
    const [from, to] = [nodes.get(need), nodes.get(dependent)];
    if (!from || !to) continue;
    const heights = [from.y + NODE_HEIGHT / 2, ...lane, to.y + NODE_HEIGHT / 2];
    for (let step = 0; step + 1 < heights.length; step += 1) {
      const isLast = step + 2 === heights.length;
      const key = `${step} ${need}`;
      if (drawn.has(key) && !isLast) continue;
      if (!isLast) drawn.add(key);
      const [start = 0, end = 0] = [heights[step], heights[step + 1]];
      const x = from.x + NODE_WIDTH + step * RANK_PITCH;
      const lead = step === 0 ? `M${x} ${start}` : `M${x - NODE_WIDTH} ${start}H${x}`;
      (ranks[from.rank + step] ??= []).push(lead + drawLink(x, start, end));
    }
  }
  return Array.from(ranks, (parts) => parts?.join('') ?? '');
}

function drawLink(x: number, start: number, end: number): string {
  if (start === end) return `H${x + RANK_GAP}`;
  const middle = x + RANK_GAP / 2;
  return `C${middle} ${start} ${middle} ${end} ${x + RANK_GAP} ${end}`;
}
