import { isFailure } from '#core/ending.ts';
import type { NodeResult } from '#core/run.ts';
import type { Graph } from './graph.ts';

/** Everything that waits for one of these nodes, directly or not. */
export function findBehind(graph: Graph, names: readonly string[]): ReadonlySet<string> {
  const behind = new Set<string>();
  const work = [...names];
  for (let name = work.pop(); name !== undefined; name = work.pop()) {
    for (const next of graph.waiters.get(name) ?? []) {
      if (behind.has(next)) continue;
      behind.add(next);
      work.push(next);
    }
  }
  return behind;
}

/**
 * The nodes whose end is taken back when a stage that failed is begun once more: what was judged by the rules because
 * of it and never began. What a person decided, and what has begun, stands.
 */
export function findReopened(graph: Graph, results: ReadonlyMap<string, NodeResult>, retried: string): string[] {
  const legs = findStoppedLegs(graph, results, retried);
  const behind = findBehind(graph, [retried, ...legs]);
  return graph.names.filter((name) => {
    if (name === retried) return false;
    const result = results.get(name);
    return result !== undefined && (legs.includes(name) || (behind.has(name) && isByRule(result)));
  });
}

/** Legs that fail-fast kept from beginning, unless another leg has failed, too. */
function findStoppedLegs(graph: Graph, results: ReadonlyMap<string, NodeResult>, retried: string): readonly string[] {
  const node = graph.nodes.get(retried);
  const siblings = (node?.kind === 'stage' ? graph.groups[node.stage]?.legs : undefined) ?? [];
  const others = siblings.filter((leg) => leg !== retried);
  if (others.some((leg) => isFailure(results.get(leg)?.ending ?? 'passed'))) return [];
  return others.filter((leg) => {
    const result = results.get(leg);
    return result?.attempts === 0 && result.reason?.code === 'fail-fast';
  });
}

function isByRule({ ending, attempts, carriedFrom, reason }: NodeResult): boolean {
  if (attempts > 0 || carriedFrom !== null || reason?.code === 'skipped-by-person') return false;
  return ending === 'not-run' || ending === 'skipped';
}
