/** A graph by index: the nodes are those of a list, in the order of the file. */
export interface IndexedGraph {
  size: number;
  needs: readonly (readonly number[])[];
  dependents: readonly (readonly number[])[];
}

/** The graph of names by index; an edge to a name that is none is a mistake of the caller. */
export function indexGraph(names: readonly string[], edges: readonly (readonly [string, string])[]): IndexedGraph {
  const indices = new Map(names.map((name, index) => [name, index]));
  const needs: number[][] = names.map(() => []);
  const dependents: number[][] = names.map(() => []);
  for (const [from, to] of edges) {
    const [source, target] = [indices.get(from), indices.get(to)];
    if (source === undefined || target === undefined) throw new Error(`no node for the edge ${from} → ${to}`);
    if (needs[target]?.includes(source)) continue;
    needs[target]?.push(source);
    dependents[source]?.push(target);
  }
  return { size: names.length, needs, dependents };
}

/** Rank of each node: the length of the longest way to it, in edges (Kahn). */
export function rankNodes({ size, needs, dependents }: IndexedGraph): number[] {
  const ranks: number[] = Array.from({ length: size }, () => 0);
  const missing = needs.map((list) => list.length);
  const ready = missing.flatMap((count, index) => (count === 0 ? [index] : []));
  let done = 0;
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    done += 1;
    for (const next of dependents[node] ?? []) {
      ranks[next] = Math.max(ranks[next] ?? 0, (ranks[node] ?? 0) + 1);
      missing[next] = (missing[next] ?? 0) - 1;
      if (missing[next] === 0) ready.push(next);
    }
  }
  if (done < size) throw new Error('the nodes need each other in a circle');
  return ranks;
}
