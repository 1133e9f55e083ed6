import { countCrossings } from './count-crossings.ts';
import type { Layers } from './layers.ts';

const SWEEPS = 8;

/**
 * Orders each rank by the mean place of its neighbours, there and back, and keeps the order with the fewest crossings.
 * Ties go by the order in the file, so equal input gives equal pixels.
 */
export function orderRanks(layers: Layers): number[][] {
  let order = layers.ranks.map((rank) => [...rank]);
  let best = order;
  let fewest = countCrossings(layers, order);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    order = sweepOnce(layers, order, sweep % 2 === 0 ? 'before' : 'after');
    const crossings = countCrossings(layers, order);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = order;
  }
  return best;
}

function sweepOnce({ items }: Layers, order: readonly number[][], side: 'before' | 'after'): number[][] {
  const next = order.map((rank) => [...rank]);
  const places = new Float64Array(items.length);
  const centres = new Float64Array(items.length);
  for (const rank of order) rank.forEach((item, place) => (places[item] = place));
  const ranks = side === 'before' ? next.keys() : [...next.keys()].toReversed();
  for (const index of ranks) {
    const rank = next[index] ?? [];
    for (const item of rank) {
      const neighbours = items[item]?.[side] ?? [];
      const sum = neighbours.reduce((total, neighbour) => total + (places[neighbour] ?? 0), 0);
      // Who has no neighbour on this side stays where it is.
      centres[item] = neighbours.length === 0 ? (places[item] ?? 0) : sum / neighbours.length;
    }
    rank.sort((left, right) => (centres[left] ?? 0) - (centres[right] ?? 0) || compareInFile(items, left, right));
    rank.forEach((item, place) => (places[item] = place));
  }
  return next;
}

function compareInFile(items: Layers['items'], left: number, right: number): number {
  return (items[left]?.node ?? 0) - (items[right]?.node ?? 0) || left - right;
}
