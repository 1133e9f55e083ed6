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
      for (const ancestor of graph.ancestors?.list(one) ?? []) selected.add(ancestor);
    }
  }
  return selected;
}

/** A generated stage that needs what `--stage` has left out would wait for ever. */
export function requireSelected(problems: Problems, graph: Graph, selected: ReadonlySet<string>): void {
  const isLeftOut = (name: string) => !selected.has(name) && graph.byName.get(name)?.declaration.generatedBy === null;
  for (const { name, declaration } of graph.vertices) {
    if (declaration.generatedBy === null) continue;
    for (const { to, place } of (graph.needs.get(name) ?? []).filter((need) => isLeftOut(need.to))) {
      problems.report('KDL012', place, `"${to}" is no part of this run`, {
        hint: 'the run was started for some of its stages alone (--stage)',
      });
    }
  }
}
