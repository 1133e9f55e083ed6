import type { Reason } from '#core/attempt.ts';
import type { Status } from '#core/run.ts';
import type { OutsideEnd } from './end-run.ts';

/** A run whose history the present code cannot replay: shown as paused, never as running (ENGINE 9). */
const STUCK = 'engine-code-changed';

/** Value of the reason: since when the run was being cancelled when it came to stand still. */
export const CANCELLING_SINCE = 'cancellingSince';

/** Value of the reason: who had paused the run before it came to stand still. */
export const PAUSED_BY = 'pausedBy';

export type StuckStatus = Extract<Status, { kind: 'paused' }>;

export function isStuck(status: Status): status is StuckStatus {
  return status.kind === 'paused' && status.reason.code === STUCK;
}

/** Remembers a cancel that was under way, or a pause, so that the run comes back as what it was. */
export function createStuckStatus(before: Status): StuckStatus {
  const reason: Reason = {
    code: STUCK,
    message: 'the engine code changed and cannot carry this run on; start the version that began it, or cancel the run',
  };
  if (before.kind === 'cancelling') reason.values = { [CANCELLING_SINCE]: before.since };
  if (before.kind === 'paused' && before.reason.values?.['by'])
    reason.values = { [PAUSED_BY]: before.reason.values['by'] };
  return { kind: 'paused', reason };
}

/** The end of one that was cancelled: no code of its own runs any more, `always` stages neither. */
export function createStuckEnd(): OutsideEnd {
  const reason: Reason = {
    code: STUCK,
    message: 'the run was cancelled while the engine code could not carry it on',
  };
  return { run: { ending: 'cancelled', reason }, results: {}, open: { ending: 'cancelled', reason } };
}
