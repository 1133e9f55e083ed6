import type { Reason } from '#core/attempt.ts';
import type { RunInput } from '#core/run.ts';
import type { Stop } from './judge.ts';

/** How a node that was under way ends when something else than its own work ended it. */
export type StopCause = { ending: 'cancelled' | 'timed-out' | 'skipped'; reason: Reason };

/** The `run.…` paths a condition may look at. */
export function describeRun({ runId, run }: RunInput): Record<string, string> {
  return {
    'run.id': runId,
    'run.number': String(run.number),
    'run.attempt': String(run.attempt),
    'run.url': run.url,
    'run.trigger': run.trigger,
  };
}

/** What a stop of the run is for each of its nodes. */
export function describeStop(stop: Stop): StopCause {
  return stop === 'cancelled'
    ? { ending: 'cancelled', reason: { code: 'run-cancelled', message: 'the run was cancelled' } }
    : { ending: 'timed-out', reason: { code: 'run-timed-out', message: "the run's time limit expired" } };
}
