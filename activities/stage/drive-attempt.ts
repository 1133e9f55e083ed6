import { setTimeout as delay } from 'node:timers/promises';
import type { Reason } from '#core/attempt.ts';
import { type Fault, FaultError, faultOf, NO_RETRY } from '#core/fault.ts';
import { type AttemptSpec, type Executor, type Exit, type Handle, hasNeverStarted } from '../executor/port.ts';
import type { AttemptOutput } from './attempt-output.ts';
import type { StageControl } from './control.ts';
import type { ServiceFailure, StageServices } from './services.ts';
import { watchSilence } from './watch-silence.ts';

/** How long faults that may pass (a daemon that restarts) are waited for, from the first of an outage. */
const PATIENCE_MS = 60_000;
/** A program that could be followed for this long was no part of an outage, also if it printed nothing. */
const STEADY_MS = 5_000;
const STOP_AGAIN_MS = 1_000;

export type DriveEnd =
  /** The program is over; `stopped` if we ended it, and why. */
  | { kind: 'exited'; handle: Handle; exit: Exit; stopped: StopCause | null }
  /** Cancelled before anything was started. */
  | { kind: 'not-begun' }
  /** A service ended before it was ready, or never was: nothing of the stage was started. */
  | { kind: 'service-failed'; reason: Reason }
  /** Ours; `handle` null if no container or process is known. */
  | { kind: 'fault'; fault: Fault; handle: Handle | null; started: boolean; stopped: StopCause | null }
  /** Somebody else goes on with it, or it begins anew. */
  | { kind: 'left'; reason: 'leave' | 'reset' };

export type StopCause =
  | { kind: 'cancel' }
  | { kind: 'timeout' }
  /** It printed nothing for so long. */
  | { kind: 'no-output'; silentMs: number }
  | { kind: 'service'; reason: Reason };

export interface DriveOptions {
  executor: Executor;
  spec: AttemptSpec;
  control: StageControl;
  timeoutMs: number | null;
  /** Asked when the limit has come: people may have given it more time. */
  findTimeoutMs?(): Promise<number | null>;
  graceMs: number;
  /** Silence after which it is ended; null for never. */
  noOutputMs: number | null;
  /** Brought up before it begins; null when it has none. */
  services: StageServices | null;
  /** Whether an earlier delivery of the task began it: then it is attached to or lost, never begun. */
  hasBegunBefore(): Promise<boolean>;
  /** Called when the attempt exists, again after a break; gives the place for its output. */
  openOutput(handle: Handle): Promise<AttemptOutput>;
  patienceMs?: number;
}

/** Another worker has the attempt's log, or has ended it already: this one was taken for dead. */
export function isOvertaken(fault: Fault | null): boolean {
  return fault?.code === 'log-superseded' || fault?.code === 'log-ended';
}

/**
 * Starts or attaches to an attempt and follows it to its end. A fault that may pass is tried again here, because every
 * retry of the whole activity would cost events of the run's history; the attempt itself is never made twice (start
 * attaches by name).
 */
export async function driveAttempt(options: DriveOptions): Promise<DriveEnd> {
  const { executor, spec, control } = options;
  const starting = new AbortController();
  const following = new AbortController();
  let stopped: Stop | null = null;
  let handle: Handle | null = null;
  let output: AttemptOutput | null = null;
  let stopping: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  let outageSince: number | null = null;
  let followedSince: number | null = null;
  let lastRaw = -1;
  let limitMs = options.timeoutMs;
  const silence = watchSilence(options.noOutputMs, (silentMs) => stop({ kind: 'no-output', silentMs }));

  /** Ends the program. Repeated until it succeeds or `follow` has seen the end. */
  function stop(cause: Stop): void {
    stopped ??= cause;
    if (handle === null || stopping !== null) return;
    stopping = executor.stop(handle, options.graceMs).catch(async () => {
      await delay(STOP_AGAIN_MS, undefined, { ref: false });
      stopping = null;
      if (!isOver) stop(cause);
    });
  }

  const onControl = (): void => {
    starting.abort();
    if (control.reason() === 'cancel') stop({ kind: 'cancel' });
    else following.abort();
  };
  control.signal.addEventListener('abort', onControl, { once: true });
  options.services?.onEnded((failure) => stop({ kind: 'service', failure }));
  try {
    for (;;) {
      const reason = control.reason();
      if (reason === 'leave' || reason === 'reset') return { kind: 'left', reason };
      followedSince = null;
      try {
        if (reason === 'cancel') stopped ??= { kind: 'cancel' };
        const reached = await reach(reason !== 'cancel');
        if (reached === null) return { kind: 'not-begun' };
        if ('failure' in reached) return { kind: 'service-failed', reason: await explain(reached.failure) };
        handle = reached;
        output ??= await options.openOutput(handle);
        if (stopped !== null) stop(stopped);
        // What is over needs no limit: a successor may come long after it.
        else if (handle.state === 'running' && timer === undefined) armTimeout(countFrom(handle));
        followedSince = performance.now();
        if (handle.state === 'running') silence.begin();
        const exit = await executor.follow(handle, output.rawBytes(), silence.listen(output), following.signal);
        return { kind: 'exited', handle, exit, stopped: await judgeStop(handle, exit) };
      } catch (error) {
        silence.suspend();
        const why = control.reason();
        if (why === 'leave' || why === 'reset') return { kind: 'left', reason: why };
        if (why === 'cancel' && starting.signal.aborted && isAbort(error)) continue;
        const fault = faultOf(error);
        if (fault === null) throw error;
        // Its program is the other worker's now: not to be stopped, not to be judged.
        if (isOvertaken(fault)) return { kind: 'left', reason: 'leave' };
        output?.restart();
        const raw = output?.rawBytes() ?? 0;
        const now = performance.now();
        const isSteady = followedSince !== null && now - followedSince >= Math.min(STEADY_MS, patienceMs);
        if (outageSince === null || isSteady || raw !== lastRaw) outageSince = now;
        lastRaw = raw;
        if (fault.retry.kind === 'no' || now - outageSince > patienceMs) {
          const cause = stopped === null ? null : await toCause(stopped);
          return { kind: 'fault', fault, handle, started: handle !== null || !hasNeverStarted(error), stopped: cause };
        }
        await delay(fault.retry.afterMs, undefined, { signal: following.signal }).catch(() => undefined);
      }
    }
  } finally {
    isOver = true;
    silence.end();
    clearTimeout(timer);
    control.signal.removeEventListener('abort', onControl);
  }

  /**
   * Begins the attempt or attaches to it; null if it never began and must not. What began and is there no more is lost,
   * also when the executor has forgotten it with its run (a forced close): its steps would run a second time.
   */
  async function reach(mayBegin: boolean): Promise<Handle | { failure: ServiceFailure } | null> {
    const hasBegun = handle !== null || (await options.hasBegunBefore());
    if (!hasBegun && mayBegin) {
      const failure = await options.services?.begin(starting.signal);
      if (failure) return { failure };
      return executor.start(spec, starting.signal);
    }
    if (hasBegun) options.services?.attach();
    const found = await executor.find(spec);
    if (found !== null || !hasBegun) return found;
    // A program that could not begin is known to nobody but this process.
    if (handle?.state === 'exited') return handle;
    throw new FaultError({
      code: 'attempt-lost',
      message: 'The stage had begun and nothing is left of it; it is not begun a second time',
      cause: 'something removed its container or its folder',
      fix: 'retry the stage',
      retry: NO_RETRY,
    });
  }

  /** Looks again when it fires: timers come early by a little, and setTimeout takes no more than 31 bits. */
  function armTimeout(begunAt: number): void {
    if (limitMs === null) return;
    const left = begunAt + limitMs - performance.now();
    if (left > 0) timer = setTimeout(() => armTimeout(begunAt), Math.min(left, 2_147_483_647));
    else
      void takeExtension().then((isLonger) => !isOver && (isLonger ? armTimeout(begunAt) : stop({ kind: 'timeout' })));
  }

  /** Whether the limit is further away than was known. Without an answer it is what it was. */
  async function takeExtension(): Promise<boolean> {
    const known = await options.findTimeoutMs?.().catch(() => limitMs);
    const isLonger = (known ?? 0) > (limitMs ?? 0);
    if (isLonger && known) limitMs = known;
    return isLonger;
  }

  /**
   * Whether its limit ended it. Its own times decide, not when anybody looked: it may have ended in time and been found
   * late, or been stopped at its limit by a worker that died. A signal is also ours when the runtime's clock differs.
   */
  async function judgeStop(ended: Handle, exit: Exit): Promise<StopCause | null> {
    const byLimit = await judgeLimit(ended, exit);
    // A runtime that went away took the services with it.
    if (byLimit !== null || exit.lostContact || exit.refusal !== null) return byLimit;
    const failure = stopped?.kind === 'service' ? stopped.failure : await options.services?.findEnded(exit.endedAt);
    return failure ? { kind: 'service', reason: await explain(failure) } : null;
  }

  async function judgeLimit(ended: Handle, exit: Exit): Promise<Exclude<StopCause, { kind: 'service' }> | null> {
    if (stopped?.kind === 'cancel') return stopped;
    const isKilled = exit.code >= 128;
    if (stopped?.kind === 'no-output') return isKilled ? stopped : null;
    if (limitMs === null) return null;
    const tookMs = Date.parse(exit.endedAt) - Date.parse(ended.startedAt);
    if (stopped === null && tookMs >= limitMs) await takeExtension();
    const isLate = tookMs >= limitMs;
    const isTimeout = stopped?.kind === 'timeout' ? isKilled || isLate : isKilled && isLate && stopped === null;
    return isTimeout ? { kind: 'timeout' } : null;
  }

  async function toCause(stop: Stop): Promise<StopCause> {
    return stop.kind === 'service' ? { kind: 'service', reason: await explain(stop.failure) } : stop;
  }

  function explain(failure: ServiceFailure): Promise<Reason> {
    if (options.services === null) throw new Error('a stage without services has none that failed');
    return options.services.explain(failure);
  }
}

/**
 * When an attempt began, by the clock of this process that nobody sets: a wall clock that jumps while it is watched, or
 * is not the runtime's, is no time of the stage's. Who takes over has nothing but wall clocks to go by; one that begins
 * in the future was set back since, and counts from now.
 */
function countFrom({ startedAt, created }: Handle): number {
  return performance.now() - (created ? 0 : Math.max(0, Date.now() - Date.parse(startedAt)));
}

/** A cause as it is known before what a service printed has been read. */
type Stop = Exclude<StopCause, { kind: 'service' }> | { kind: 'service'; failure: ServiceFailure };

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
