import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/** A time limit that stands still while nothing executes, and while the run is paused (LANGUAGE §4, `timeout`). */
export interface Clock {
  readonly hasLimit: boolean;
  /** What is left of it while nothing executes, ms; null without a limit. */
  readonly leftMs: number | null;
  /** A stage begins to execute. */
  enter(): void;
  /** A stage is over, or waits for its next attempt. */
  leave(): void;
  setPaused(isPaused: boolean): void;
  extend(ms: number): void;
}

/**
 * `onExpired` is called once. The timer's scope is made inside `shield`: a stage enters from within its own scope, and a
 * stage that is stopped must not take the run's timer with it.
 */
export function createClock(
  limit: { ms: number | null; summary: string },
  shield: CancellationScope,
  onExpired: () => void,
): Clock {
  let executing = 0;
  let isPaused = false;
  let leftMs = limit.ms ?? 0;
  let since = 0;
  let timer: CancellationScope | null = null;
  const tick = async () => {
    try {
      await sleep(leftMs, { summary: limit.summary });
      onExpired();
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  };
  const start = () => {
    since = Date.now();
    void shield.run(async () => {
      timer = new CancellationScope();
      await timer.run(tick);
    });
  };
  const stop = () => {
    leftMs = Math.max(1, leftMs - (Date.now() - since));
    timer?.cancel();
    timer = null;
  };
  const settle = () => {
    const shouldTick = limit.ms !== null && executing > 0 && !isPaused;
    if (shouldTick && timer === null) start();
    else if (!shouldTick && timer !== null) stop();
  };
  return {
    hasLimit: limit.ms !== null,
    get leftMs() {
      return limit.ms === null ? null : leftMs;
    },
    enter() {
      executing++;
      settle();
    },
    leave() {
      executing--;
      settle();
    },
    setPaused(next) {
      isPaused = next;
      settle();
    },
    extend(ms) {
      const isTicking = timer !== null;
      if (isTicking) stop();
      leftMs += ms;
      if (isTicking) start();
    },
  };
}
