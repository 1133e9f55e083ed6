import type { Graph } from './graph.ts';
import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';

/**
 * The nodes that `--stage N…` leaves: each with its ancestors; a matrix with all its legs.
 * Null means all.
 */
export function selectNodes(problems: Problems, graph: Graph, wanted: readonly string[]): ReadonlySet<string> | null {
  if (wanted.length === 0) return null;
  const selected = new Set<string>();
  for (const name of wanted) {
    const legs = graph.groups.get(name)?.map((leg) => leg.name);
    const names = legs ?? (graph.byName.has(name) ? [name] : []);
    if (names.length === 0) {
      const known = new Set(graph.vertices.map((vertex) => vertex.declaration.name));
      const hint = suggest(name, [...known]);
      problems.report('KDL024', { start: 0, end: 1 }, `there is no stage "${name}" to select`, {
        ...(hint ? { hint } : {}),
      });
    }
    for (const one of names) {
      selected.add(one);
      for (const ancestor of graph.ancestors.get(one) ?? []) selected.add(ancestor);
    }
  }
  return selected;
}
