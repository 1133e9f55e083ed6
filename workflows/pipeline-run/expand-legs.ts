import { CancellationScope } from '@temporalio/workflow';
import type { Reason } from '#core/attempt.ts';
import type { OutlineStage } from '#core/outline.ts';
import type { NodeResult } from '#core/run.ts';
import { local } from './activities.ts';
import { collectValues, resultWithout, type Book } from './book.ts';
import { listGrown, type Graph } from './graph.ts';
import type { StageEnd } from './stage.ts';

/**
 * The end of a matrix whose axes are outputs: its legs come into the run in its place. A re-run has them already and
 * repeats them. Not cancelled half-way: what has been added to the run is known here.
 */
export async function expandLegs(runId: string, graph: Graph, stage: OutlineStage, book: Book): Promise<StageEnd> {
  const known = listGrown(graph, stage.name);
  if (known.length > 0) return { result: describeLegs(known.length), byActivity: false };
  const lists = collectValues(stage.reads, book.results);
  const expansion = await CancellationScope.nonCancellable(() =>
    local.expandMatrix({ runId, stage: stage.name, lists }),
  );
  switch (expansion.kind) {
    case 'grown':
      return {
        result: describeLegs(expansion.growth.nodes.length),
        byActivity: false,
        growth: expansion.growth,
      };
    case 'none':
      return { result: resultWithout('skipped', { code: 'no-legs', message: describeNone(lists) }), byActivity: false };
    case 'refused':
      return { result: resultWithout('failed', expansion.reason), byActivity: false };
    default:
      return expansion satisfies never;
  }
}

function describeLegs(count: number): NodeResult {
  const reason: Reason = {
    code: 'legs-added',
    message: `its matrix became ${count} ${count === 1 ? 'leg' : 'legs'}`,
    values: { legs: String(count) },
  };
  return resultWithout('passed', reason);
}

function describeNone(lists: Readonly<Record<string, string>>): string {
  return `its matrix has no leg: ${Object.entries(lists)
    .map(([path, value]) => `${path} is ${value}`)
    .join(', ')}`;
}
