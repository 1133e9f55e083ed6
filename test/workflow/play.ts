import type { NodeResult } from '#core/run.ts';
import { openBook, resultWithout } from '#workflows/pipeline-run/book.ts';
import { buildGraph, growGraph } from '#workflows/pipeline-run/graph.ts';
import { judge } from '#workflows/pipeline-run/judge.ts';
import { findBehind, findReopened } from '#workflows/pipeline-run/reopen.ts';
import { outlineOf, runInput } from './outlines.ts';
import type { RandomGraph } from './random-graphs.ts';

/** What people do while a graph is played: `after` counts the stages that have ended by then. */
export type Intervention =
  | { kind: 'stop'; after: number }
  /** Without effect on what has begun or ended. */
  | { kind: 'skip'; after: number; name: string }
  /** Begins the oldest stage that failed once more; it ends as `ending`. Without effect when none has. */
  | { kind: 'retry'; after: number; ending: NodeResult['ending'] };

/**
 * Plays a graph with the rules and the book alone: `pick` chooses which running stage ends next. Answers how each node
 * ended, in which order they began, and which never began but are not where the rules put them now: none, ever.
 */
export function play(
  random: RandomGraph,
  pick: (count: number) => number,
  interventions: readonly Intervention[] = [],
) {
  const outline = outlineOf(random.nodes);
  const graph = buildGraph(outline);
  const book = openBook(runInput('run', outline), graph, AT);
  const endings = new Map(Object.entries<NodeResult['ending']>(random.endings));
  const running: string[] = [];
  const begun: string[] = [];
  const skipped = new Set<string>();
  const settle = () => {
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (const node of graph.nodes.values()) {
        if (book.results.has(node.name) || running.includes(node.name)) continue;
        const verdict = judge(graph, node, book.situation);
        if (verdict.kind === 'wait') continue;
        isMoving = true;
        if (verdict.kind === 'end') {
          book.end(node.name, resultWithout(verdict.ending, verdict.reason), AT);
          continue;
        }
        const early = (graph.waits.get(node.name) ?? []).filter((before) => !book.results.has(before));
        if (early.length > 0) throw new Error(`${node.name} starts before ${early.join(', ')}`);
        running.push(node.name);
        begun.push(node.name);
      }
    }
  };
  const intervene = (intervention: Intervention) => {
    switch (intervention.kind) {
      case 'stop':
        book.stop = 'cancelled';
        return;
      case 'skip': {
        const { name } = intervention;
        if (!graph.nodes.has(name) || book.results.has(name) || running.includes(name)) return;
        skipped.add(name);
        book.endEarly(name, resultWithout('skipped', { code: 'skipped-by-person', message: '' }), AT);
        return;
      }
      case 'retry': {
        const name = begun.find((other) => isRetryable(book.results.get(other)?.ending));
        const hasFinallyBegun = begun.some((other) => (graph.nodes.get(other)?.runOn ?? 'success') !== 'success');
        if (name === undefined || running.length === 0 || hasFinallyBegun) return;
        endings.set(name, intervention.ending);
        const reopened = findReopened(graph, book.results, name);
        book.reopen([name, ...reopened], findBehind(graph, [name, ...reopened]));
        return;
      }
      default:
        intervention satisfies never;
    }
  };
  const due = interventions.toSorted((one, other) => one.after - other.after);
  settle();
  for (let ended = 0; running.length > 0; ended++) {
    while ((due[0]?.after ?? Number.POSITIVE_INFINITY) <= ended) {
      const next = due.shift();
      if (next) intervene(next);
    }
    settle();
    const [name] = running.splice(pick(running.length), 1);
    if (name !== undefined) {
      const ending = book.stop ? 'cancelled' : (endings.get(name) ?? 'passed');
      const nodes = ending === 'passed' ? random.growths?.[name] : undefined;
      if (nodes) book.grow(growGraph(graph, name, { plan: PLAN, nodes, groups: {} }));
      book.end(name, { ...resultWithout(ending, null), attempts: 1 }, AT);
    }
    settle();
  }
  const misplaced = [...graph.nodes.values()].filter((node) => {
    if (begun.includes(node.name) || skipped.has(node.name) || book.stop) return false;
    const verdict = judge(graph, node, book.situation);
    return verdict.kind !== 'end' || verdict.ending !== book.results.get(node.name)?.ending;
  });
  return {
    begun,
    nodes: graph.names.length,
    misplaced: misplaced.map((node) => node.name),
    endings: Object.fromEntries([...book.results].map(([name, { ending }]) => [name, ending])),
    reasons: Object.fromEntries([...book.results].map(([name, { reason }]) => [name, reason?.code ?? null])),
  };
}

const PLAN = { key: 'plans/grown.json', digest: 'grown', bytes: 0 };
const AT = '2026-01-01T00:00:00.000Z';

function isRetryable(ending: NodeResult['ending'] | undefined): boolean {
  return ending === 'failed' || ending === 'errored' || ending === 'timed-out';
}
