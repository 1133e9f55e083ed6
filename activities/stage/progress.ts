import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptKey, AttemptRecords } from '../record/port.ts';

export interface Progress {
  /** `image`: its digest; null where it has none. */
  started(at: string, image: string | null): void;
  heartbeat(): void;
  log(state: { bytes: number; lines: number }): void;
  /** Nothing is written any more; what is on its way may still arrive (its version keeps it in order). */
  stop(): void;
}

/**
 * How long the newest state of the log waits for a newer one, ms: what a stage prints last, the end of its log and the
 * end of its attempt follow one another closely, and the row of the last carries it all.
 */
const GATHER_MS = 25;

/**
 * Rows written while an attempt runs. None of them is worth stopping a stage for: what fails is reported, and the row
 * of the attempt's end carries everything again. One log write is on its way at a time, always with the newest state.
 */
export function createProgress(
  deps: { records: AttemptRecords; hostId: string; report(error: unknown, what: string): void },
  key: AttemptKey,
): Progress {
  let isStopped = false;
  let waiting: { bytes: number; lines: number } | null = null;
  let isWriting = false;

  function write(work: Promise<void>, what: string): Promise<void> {
    return work.catch((error: unknown) => deps.report(error, `${what} of ${key.stage}`));
  }

  async function writeLog(): Promise<void> {
    isWriting = true;
    while (waiting !== null && !isStopped) {
      await delay(GATHER_MS);
      const state: typeof waiting = waiting;
      waiting = null;
      if (!isStopped) await write(deps.records.attemptLog(key, state), 'record the log');
    }
    isWriting = false;
  }

  return {
    started(at, image) {
      const facts = { startedAt: at, hostId: deps.hostId, ...(image === null ? {} : { image }) };
      void write(deps.records.attemptStarted(key, facts), 'record the start');
    },
    heartbeat() {
      if (!isStopped) void write(deps.records.attemptHeartbeat(key, new Date().toISOString()), 'record a heartbeat');
    },
    log(state) {
      waiting = state;
      if (!isWriting && !isStopped) void writeLog();
    },
    stop() {
      isStopped = true;
    },
  };
}
