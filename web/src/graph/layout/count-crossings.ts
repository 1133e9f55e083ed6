import type { Layers } from './layers.ts';

/** Links that cross, over all ranks: inversions, counted with a Fenwick tree in O(links · log items). */
export function countCrossings({ items }: Layers, order: readonly (readonly number[])[]): number {
  const places = new Int32Array(items.length);
  for (const rank of order) rank.forEach((item, place) => (places[item] = place));
  let crossings = 0;
  for (let rank = 1; rank < order.length; rank += 1) {
    const width = order[rank]?.length ?? 0;
    const tree = new Int32Array(width + 1);
    let seen = 0;
    for (const item of order[rank - 1] ?? []) {
      const ends = (items[item]?.after ?? []).map((target) => places[target] ?? 0).toSorted((a, b) => a - b);
      // Against those of items above alone: links of one item do not cross.
      for (const end of ends) crossings += seen - sumUpTo(tree, end);
      for (const end of ends) add(tree, end);
      seen += ends.length;
    }
  }
  return crossings;
}

function sumUpTo(tree: Int32Array, place: number): number {
  let sum = 0;
  for (let index = place + 1; index > 0; index -= index & -index) sum += tree[index] ?? 0;
  return sum;
}

function add(tree: Int32Array, place: number): void {
  for (let index = place + 1; index < tree.length; index += index & -index) tree[index] = (tree[index] ?? 0) + 1;
}
