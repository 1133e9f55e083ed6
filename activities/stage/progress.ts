import { setTimeout as delay } from 'node:timers/promises';
import { describePull, type PullProgress } from '#core/image-pull.ts';
import type { AttemptImages, AttemptKey, AttemptRecords } from '../record/port.ts';

export interface Progress {
  started(at: string, images: AttemptImages): void;
  heartbeat(): void;
  /** How far an image is that it waits for, as often as anybody knows; nothing once it has started. */
  pulling(state: PullProgress): void;
  log(state: { bytes: number; lines: number }): void;
  /** Nothing is written any more; what is on its way may still arrive (its version keeps it in order). */
  stop(): void;
}

/**
 * How long the newest state of the log waits for a newer one, ms: what a stage prints last, the end of its log and the
 * end of its attempt follow one another closely, and the row of the last carries it all.
 */
const GATHER_MS = 25;

/** Between two states of a pull, ms. */
const PULL_MS = 1_000;

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
  let pull: PullProgress | null = null;
  let isPulling = false;
  let hasStarted = false;

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

  /** The newest state, once a second and stage at most. */
  async function writePulls(): Promise<void> {
    isPulling = true;
    while (pull !== null && !isStopped && !hasStarted) {
      const state: typeof pull = pull;
      pull = null;
      await write(deps.records.attemptPreparing(key, describePull(state)), 'record a pull');
      await delay(PULL_MS, undefined, { ref: false });
    }
    isPulling = false;
  }

  return {
    pulling(state) {
      pull = state;
      if (!isPulling && !isStopped && !hasStarted) void writePulls();
    },
    started(at, images) {
      hasStarted = true;
      const facts = { startedAt: at, hostId: deps.hostId, ...images };
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
