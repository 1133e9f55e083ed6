import type { Reason } from '#core/attempt.ts';
import { isMet } from '#core/edge.ts';
import { isSuccess } from '#core/ending.ts';
import { lookUp } from '#core/late-value.ts';
import type { OutlineNode } from '#core/outline.ts';
import type { Edge } from '#core/plan.ts';
import type { NodeResult } from '#core/run.ts';
import type { Graph } from './graph.ts';

/** Why no further ordinary stage may start. */
export type Stop = 'cancelled' | 'timed-out';

/** What is known of the run so far. `tainted`: the node or an ancestor of it ended in failure. */
export interface Situation {
  results: ReadonlyMap<string, NodeResult>;
  tainted: ReadonlySet<string>;
  /** Ended while something before them had not, or has not any more: nobody who waits for them is judged yet. */
  unsettled: ReadonlySet<string>;
  stop: Stop | null;
}

export type Verdict =
  /** Something it waits for has not ended. */
  | { kind: 'wait' }
  /** It will not run, and this is why. */
  | { kind: 'end'; ending: 'skipped' | 'not-run'; reason: Reason }
  /** Edges and `run-on` hold: next its condition, its gate, its work. */
  | { kind: 'proceed' };

/**
 * The rules of LANGUAGE §4 for one node, in the order in which they are asked. Pure: the
 * golden truth table and the property tests call it without Temporal.
 */
export function judge(graph: Graph, node: OutlineNode, situation: Situation): Verdict {
  if (situation.stop && node.runOn !== 'always') return endByStop(situation.stop);
  const waits = graph.waits.get(node.name) ?? [];
  // Nothing is settled early: `run-on` of whoever comes behind looks at all ancestors, so an
  // ending that did not wait for them would depend on the order in which stages finish.
  const isOpen = (name: string) => !situation.results.has(name) || situation.unsettled.has(name);
  if (waits.some(isOpen)) return { kind: 'wait' };
  if (node.when?.kind === 'decided' && !node.when.value) return endByCondition(node.when);
  const unmet = findUnmetEdge(node.needs, situation.results);
  if (unmet) return endByEdge(unmet.edge, unmet.result);
  return (
    judgeRunOn(node, waits, situation) ??
    judgeAllSkipped(node, situation) ??
    judgeReads(node, situation) ?? { kind: 'proceed' }
  );
}

function findUnmetEdge(edges: readonly Edge[], results: ReadonlyMap<string, NodeResult>) {
  for (const edge of edges) {
    const result = results.get(edge.to);
    if (result && !isMet(edge.on, result.ending)) return { edge, result };
  }
  return null;
}

/** A need that succeeded where a failure was wanted leaves nothing to do; anything else is in the way. */
function endByEdge(edge: Edge, result: NodeResult): Verdict {
  const ending = isSuccess(result.ending) ? 'skipped' : 'not-run';
  return {
    kind: 'end',
    ending,
    reason: {
      code: ending === 'skipped' ? 'edge-not-wanted' : 'need-failed',
      message: `needs ${edge.to}${edge.on === 'success' ? '' : ` to be ${edge.on}`}: ${result.ending}`,
      values: { need: edge.to, on: edge.on, ending: result.ending },
    },
  };
}

function endByCondition(when: { expression: string; values: Record<string, string> }): Verdict {
  return {
    kind: 'end',
    ending: 'skipped',
    reason: { code: 'when-false', message: `when is false: ${when.expression}`, values: when.values },
  };
}

function endByStop(stop: Stop): Verdict {
  const message = stop === 'cancelled' ? 'the run was cancelled' : "the run's time limit expired";
  return { kind: 'end', ending: 'not-run', reason: { code: `run-${stop}`, message } };
}

/** `run-on` looks at all ancestors; behind an edge with an `on` of its own the edge has answered. */
function judgeRunOn(node: OutlineNode, waits: readonly string[], situation: Situation): Verdict | null {
  switch (node.runOn) {
    case 'always':
      return null;
    case 'failure':
      if (waits.some((name) => situation.tainted.has(name))) return null;
      return {
        kind: 'end',
        ending: 'skipped',
        reason: { code: 'run-on-failure', message: 'run-on is "failure" and nothing before it failed' },
      };
    case 'success': {
      const edge = node.needs.find((need) => need.on === 'success' && situation.tainted.has(need.to));
      if (!edge) return null;
      return {
        kind: 'end',
        ending: 'not-run',
        reason: {
          code: 'ancestor-failed',
          message: `a stage before ${edge.to} failed and run-on is "success"`,
          values: { need: edge.to },
        },
      };
    }
    default:
      return node.runOn satisfies never;
  }
}

function judgeAllSkipped(node: OutlineNode, situation: Situation): Verdict | null {
  if (node.needs.length === 0 || node.ifAllSkipped === 'run' || node.runOn === 'always') return null;
  const isPulledAlong = (edge: Edge) => edge.on !== 'skipped' && situation.results.get(edge.to)?.ending === 'skipped';
  if (!node.needs.every(isPulledAlong)) return null;
  const names = node.needs.map((edge) => edge.to).join(', ');
  return {
    kind: 'end',
    ending: 'skipped',
    reason: { code: 'needs-skipped', message: `every need was skipped: ${names}` },
  };
}

/** Reading an output that nobody produced skips the reader and names the output. */
function judgeReads(node: OutlineNode, situation: Situation): Verdict | null {
  const missing = node.reads.find((path) => lookUp(path, situation.results) === undefined);
  if (missing === undefined) return null;
  return {
    kind: 'end',
    ending: 'skipped',
    reason: {
      code: 'output-missing',
      message: `reads ${missing}, which was not produced`,
      values: { output: missing },
    },
  };
}
