import type { PlacedEdge, PlacedNode } from './lay-out.ts';
import { NODE_HEIGHT, NODE_WIDTH, RANK_GAP, RANK_PITCH } from './measure.ts';

/** A part of the graph, px. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Attribute `d` of one path over all edges that touch the area; what edges of a node share is drawn once. */
export function drawEdges(
  edges: readonly PlacedEdge[],
  nodes: ReadonlyMap<string, PlacedNode>,
  area: Area | null = null,
): string {
  const drawn = new Set<string>();
  const parts: string[] = [];
  for (const edge of edges) {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
    if (!from || !to) continue;
    const heights = [from.y + NODE_HEIGHT / 2, ...edge.lane, to.y + NODE_HEIGHT / 2];
    for (let step = 0; step + 1 < heights.length; step += 1) {
      const x = from.x + NODE_WIDTH + step * RANK_PITCH;
      const [start = 0, end = 0] = [heights[step], heights[step + 1]];
      const isLast = step + 2 === heights.length;
      if (area && !touches(area, x - NODE_WIDTH, Math.min(start, end), x + RANK_GAP, Math.max(start, end))) continue;
      const key = isLast ? `${edge.from} ${edge.to}` : `${edge.from} ${step}`;
      if (drawn.has(key) && !isLast) continue;
      drawn.add(key);
      // Through the ranks between, then over to the next.
      if (step > 0) parts.push(`M${x - NODE_WIDTH} ${start}H${x}`);
      else parts.push(`M${x} ${start}`);
      parts.push(drawLink(x, start, end));
    }
  }
  return parts.join('');
}

function drawLink(x: number, start: number, end: number): string {
  if (start === end) return `H${x + RANK_GAP}`;
  const middle = x + RANK_GAP / 2;
  return `C${middle} ${start} ${middle} ${end} ${x + RANK_GAP} ${end}`;
}

function touches(area: Area, left: number, top: number, right: number, bottom: number): boolean {
  return left <= area.right && right >= area.left && top <= area.bottom && bottom >= area.top;
}
