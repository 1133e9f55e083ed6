import { isFailure } from '#core/ending.ts';
import type { NodeResult } from '#core/run.ts';
import { resultWithout } from '#workflows/pipeline-run/book.ts';
import { buildGraph } from '#workflows/pipeline-run/graph.ts';
import { judge, type Stop } from '#workflows/pipeline-run/judge.ts';
import { outlineOf } from './outlines.ts';
import type { RandomGraph } from './random-graphs.ts';

/**
 * Plays a graph with the pure rules alone: `pick` chooses which running stage ends next,
 * `stopAfter` is how many stages may end before a cancel.
 */
export function play(random: RandomGraph, pick: (count: number) => number, stopAfter = Number.POSITIVE_INFINITY) {
  const graph = buildGraph(outlineOf(random.nodes));
  const results = new Map<string, NodeResult>();
  const tainted = new Set<string>();
  const running: string[] = [];
  const begun: string[] = [];
  let stop: Stop | null = null;
  const end = (name: string, result: NodeResult) => {
    results.set(name, result);
    const isBehind = (graph.waits.get(name) ?? []).some((before) => tainted.has(before));
    if (isFailure(result.ending) || isBehind) tainted.add(name);
  };
  const settle = () => {
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (const node of random.nodes) {
        if (results.has(node.name) || running.includes(node.name)) continue;
        const verdict = judge(graph, node, { results, tainted, stop });
        if (verdict.kind === 'wait') continue;
        isMoving = true;
        if (verdict.kind === 'end') {
          end(node.name, resultWithout(verdict.ending, verdict.reason));
          continue;
        }
        const early = (graph.waits.get(node.name) ?? []).filter((before) => !results.has(before));
        if (early.length > 0) throw new Error(`${node.name} starts before ${early.join(', ')}`);
        running.push(node.name);
        begun.push(node.name);
      }
    }
  };
  settle();
  for (let ended = 0; running.length > 0; ended++) {
    if (ended >= stopAfter) stop = 'cancelled';
    const [name] = running.splice(pick(running.length), 1);
    if (name !== undefined) end(name, resultWithout(stop ? 'cancelled' : (random.endings[name] ?? 'passed'), null));
    settle();
  }
  return { begun, endings: Object.fromEntries([...results].map(([name, { ending }]) => [name, ending])) };
}
