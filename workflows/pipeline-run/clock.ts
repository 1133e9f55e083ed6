import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/** The run's own time limit, which stands still while no stage executes (LANGUAGE §4, `timeout`). */
export interface RunClock {
  /** A stage begins to execute. */
  enter(): void;
  /** A stage is over, or waits for its next attempt. */
  leave(): void;
}

/**
 * `onExpired` is called once. The timer's scope is made inside `shield`: a stage enters from within its own scope, and a
 * stage that is stopped must not take the run's timer with it.
 */
export function startClock(limitMs: number | null, shield: CancellationScope, onExpired: () => void): RunClock {
  let executing = 0;
  let leftMs = limitMs ?? 0;
  let since = 0;
  let timer: CancellationScope | null = null;
  const tick = async () => {
    try {
      await sleep(leftMs, { summary: 'time limit of the run' });
      onExpired();
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  };
  return {
    enter() {
      executing++;
      if (limitMs === null || executing > 1) return;
      since = Date.now();
      void shield.run(async () => {
        timer = new CancellationScope();
        await timer.run(tick);
      });
    },
    leave() {
      executing--;
      if (limitMs === null || executing > 0) return;
      leftMs = Math.max(1, leftMs - (Date.now() - since));
      timer?.cancel();
    },
  };
}
