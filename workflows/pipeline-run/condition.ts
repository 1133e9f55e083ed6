import { isCancellation } from '@temporalio/workflow';
import type { OutlineNode } from '#core/outline.ts';
import type { Condition } from '#core/plan.ts';
import type { NodeResult } from '#core/run.ts';
import type { Values } from '#core/text.ts';
import { local } from './activities.ts';
import { collectValues, resultWithout, type Book } from './book.ts';
import type { Graph } from './graph.ts';
import { describeFault } from './stage.ts';

/** Null when the condition is true; else how the node ends. An expression that fails is `errored`, never false. */
export async function evaluateLate(
  node: OutlineNode,
  when: Extract<Condition, { kind: 'late' }>,
  graph: Graph,
  book: Book,
  run: Values,
): Promise<NodeResult | null> {
  const { expression, facts } = when;
  const isTainted = (graph.waits.get(node.name) ?? []).some((name) => book.situation.tainted.has(name));
  try {
    const { value, values } = await local.evaluateCondition({
      expression,
      facts,
      values: { ...run, ...collectValues(when.reads, book.results) },
      state: { success: !isTainted, failure: isTainted, cancelled: book.stop === 'cancelled' },
    });
    if (value) return null;
    return resultWithout('skipped', {
      code: 'when-false',
      message: `when is false: ${expression}`,
      values,
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const fault = describeFault(error);
    return resultWithout('errored', { code: fault.code, message: `when could not be evaluated: ${fault.message}` });
  }
}
