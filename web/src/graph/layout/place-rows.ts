import type { Item, Layers } from './layers.ts';
import { NODE_HEIGHT, ROW_GAP } from './measure.ts';

const PASSES = ['before', 'after', 'before', 'after', 'both'] as const;

/**
 * Middle of each item, in whole px, the highest node's upper edge at 0. Every item is drawn to the middle of its
 * neighbours, as near as its rank lets it (least squares over the order, pool adjacent violators), so chains are straight.
 */
export function placeRows({ items }: Layers, order: readonly (readonly number[])[]): number[] {
  const middles = new Float64Array(items.length);
  for (const rank of order) {
    let next = 0;
    rank.forEach((item, place) => {
      next += place === 0 ? 0 : separate(items[rank[place - 1] ?? item], items[item]);
      middles[item] = next;
    });
  }
  for (const side of PASSES) {
    const ranks = side === 'after' ? order.toReversed() : order;
    for (const rank of ranks) settle(items, rank, middles, side);
  }
  const top = items.reduce((least, item, index) => Math.min(least, (middles[index] ?? 0) - halfOf(item)), Infinity);
  return Array.from(middles, (middle) => Math.round(middle - top));
}

function settle(
  items: readonly Item[],
  rank: readonly number[],
  middles: Float64Array,
  side: (typeof PASSES)[number],
): void {
  let offset = 0;
  const offsets: number[] = [];
  const wishes = rank.map((index, place) => {
    const item = items[index];
    offset += place === 0 ? 0 : separate(items[rank[place - 1] ?? index], item);
    offsets.push(offset);
    const neighbours = !item ? [] : side === 'both' ? [...item.before, ...item.after] : item[side];
    const sum = neighbours.reduce((total, neighbour) => total + (middles[neighbour] ?? 0), 0);
    const wish = neighbours.length === 0 ? (middles[index] ?? 0) : sum / neighbours.length;
    return wish - offset;
  });
  fitRising(wishes).forEach((value, place) => (middles[rank[place] ?? 0] = value + (offsets[place] ?? 0)));
}

/** The rising sequence that is nearest to the values (least squares). */
export function fitRising(values: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = [];
  for (const value of values) {
    let block = { sum: value, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count > block.sum / block.count; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}

/** Between the middles of two items, one above the other. */
function separate(above: Item | undefined, below: Item | undefined): number {
  return halfOf(above) + halfOf(below) + ROW_GAP;
}

function halfOf(item: Item | undefined): number {
  return item?.isLane === false ? NODE_HEIGHT / 2 : 0;
}
