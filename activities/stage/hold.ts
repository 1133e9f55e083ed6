import { setTimeout as delay } from 'node:timers/promises';
import type { Reason } from '#core/attempt.ts';
import { type DebugOptions, HELD_CODES } from '#core/shell.ts';
import type { AttemptKey, AttemptRecords } from '../record/port.ts';
import type { StageControl } from './control.ts';
import type { DriveEnd } from './drive-attempt.ts';

/** Nobody has come for so long: the run goes on. */
const UNATTENDED_MS = 30 * 60_000;
const POLL_MS = 500;

type HoldRecords = Pick<AttemptRecords, 'attemptHeld' | 'countShells' | 'findAttemptStart'>;

/** Where an attempt stands still to be looked into, if its run was started so. Its own time limit does not run then. */
export interface Holds {
  /** Before the first attempt begins, at a breakpoint; answers whether it stood still. */
  beforeBegin(): Promise<boolean>;
  /** After the program has failed, its workspace as it left it. False: this worker lets go meanwhile. */
  afterFailure(end: DriveEnd): Promise<boolean>;
}

export function openHolds(options: {
  records: HoldRecords;
  key: AttemptKey;
  debug: DebugOptions | null;
  /** Base name; the key has the leg. */
  stage: string;
  control: Pick<StageControl, 'signal' | 'reason'>;
}): Holds {
  const { records, key, debug, stage, control } = options;
  return {
    async beforeBegin() {
      // Cancelled under an earlier worker: nothing of it begins.
      if (control.reason() !== null) return false;
      const isBreakpoint = debug?.breakAt.some((name) => name === key.stage || name === stage) === true;
      if (!isBreakpoint || key.attempt > 1 || (await records.findAttemptStart(key)) !== null) return false;
      await hold(records, key, BEGIN, control.signal);
      return true;
    },
    async afterFailure(end) {
      if (debug?.shellOnFailure !== true || !hasFailed(end)) return true;
      await hold(records, key, FAILURE, control.signal);
      return control.reason() === null || control.reason() === 'cancel';
    },
  };
}

/** By itself or by its time; one that somebody stopped is not looked into. */
function hasFailed(end: DriveEnd): boolean {
  return end.kind === 'exited' && end.exit.code !== 0 && end.stopped?.kind !== 'cancel';
}

const BEGIN: Reason = { code: HELD_CODES.begin, message: 'held for a terminal before it begins' };
const FAILURE: Reason = { code: HELD_CODES.failure, message: 'failed; held for a terminal' };

/** Until somebody has opened a terminal and has left it, nobody has come for half an hour, or the signal aborts. */
async function hold(records: HoldRecords, key: AttemptKey, reason: Reason, signal: AbortSignal): Promise<void> {
  const since = new Date().toISOString();
  await records.attemptHeld(key, reason);
  const deadline = performance.now() + UNATTENDED_MS;
  while (!signal.aborted) {
    const { open, ended } = await records.countShells(key, since);
    if (open === 0 && (ended > 0 || performance.now() > deadline)) return;
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
