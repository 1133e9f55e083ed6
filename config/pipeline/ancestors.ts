/** Which nodes a node needs, directly or not. */
export interface Ancestors {
  has(name: string, ancestor: string): boolean;
  /** In the order of the file. */
  list(name: string): string[];
}

/**
 * Ancestors of every node of a graph without a cycle. One bit a pair: as sets of names a sequence of 5,000 stages would
 * take hundreds of megabytes.
 */
export function findAncestors(needs: ReadonlyMap<string, readonly { to: string }[]>): Ancestors {
  const names = [...needs.keys()];
  const indexes = new Map(names.map((name, index) => [name, index]));
  const width = Math.ceil(names.length / 32);
  const bits = new Uint32Array(width * names.length);
  const isSet = (row: number, index: number) => ((bits[row * width + (index >>> 5)] ?? 0) >>> (index & 31)) & 1;
  for (const name of sortByNeed(needs)) {
    const row = indexes.get(name) ?? 0;
    for (const { to } of needs.get(name) ?? []) {
      const index = indexes.get(to);
      if (index === undefined || isSet(row, index)) continue;
      for (let word = 0; word < width; word++) {
        const at = row * width + word;
        bits[at] = (bits[at] ?? 0) | (bits[index * width + word] ?? 0);
      }
      const at = row * width + (index >>> 5);
      bits[at] = (bits[at] ?? 0) | (1 << (index & 31));
    }
  }
  return {
    has(name, ancestor) {
      const [row, index] = [indexes.get(name), indexes.get(ancestor)];
      return row !== undefined && index !== undefined && isSet(row, index) === 1;
    },
    list(name) {
      const row = indexes.get(name);
      return row === undefined ? [] : names.filter((_, index) => isSet(row, index) === 1);
    },
  };
}

/** Every node after all it needs, without recursion. */
function sortByNeed(needs: ReadonlyMap<string, readonly { to: string }[]>): string[] {
  const dependents = new Map<string, string[]>([...needs.keys()].map((name) => [name, []]));
  const open = new Map<string, number>();
  for (const [name, edges] of needs) {
    const known = edges.filter(({ to }) => dependents.has(to));
    open.set(name, known.length);
    for (const { to } of known) dependents.get(to)?.push(name);
  }
  const sorted = [...needs.keys()].filter((name) => open.get(name) === 0);
  // The list grows while it is walked.
  for (const name of sorted) {
    for (const next of dependents.get(name) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) sorted.push(next);
    }
  }
  return sorted;
}
