import { setTimeout as delay } from 'node:timers/promises';

/** Work that no result waits for, by the run it is done for. It must never reject. */
export interface BackgroundWork {
  /** Begins a moment later: the next stage of the run, or its end, goes first. */
  add(runId: string, work: () => Promise<void>): void;
  /**
   * The run leaves: what has not begun never does, since leaving removes all of the run at once. Resolves when the rest
   * is over, at the latest after `limitMs`.
   */
  settleRun(runId: string, limitMs: number): Promise<void>;
  /** The process ends: the same for all runs, without a limit. */
  settleAll(): Promise<void>;
}

/** Starting the container of the next stage takes the daemon as long; removing one beside it doubles that. */
const LATER_MS = 500;

export function createBackgroundWork(laterMs: number = LATER_MS): BackgroundWork {
  const runs = new Map<string, { begun: Set<Promise<void>>; waiting: Set<NodeJS.Timeout> }>();

  function begin(runId: string, work: () => Promise<void>) {
    const run = runs.get(runId);
    if (!run) return;
    const working = work().finally(() => {
      run.begun.delete(working);
      if (run.begun.size + run.waiting.size === 0 && runs.get(runId) === run) runs.delete(runId);
    });
    run.begun.add(working);
  }

  function drop(runId: string): Promise<void>[] {
    const run = runs.get(runId);
    for (const timer of run?.waiting ?? []) clearTimeout(timer);
    run?.waiting.clear();
    return [...(run?.begun ?? [])];
  }

  return {
    add(runId, work) {
      const run = runs.get(runId) ?? { begun: new Set(), waiting: new Set() };
      runs.set(runId, run);
      const timer = setTimeout(() => {
        run.waiting.delete(timer);
        begin(runId, work);
      }, laterMs);
      run.waiting.add(timer);
    },
    async settleRun(runId, limitMs) {
      const stopping = new AbortController();
      const limit = delay(limitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      await Promise.race([Promise.allSettled(drop(runId)), limit]);
      stopping.abort();
    },
    settleAll: async () => void (await Promise.allSettled([...runs.keys()].flatMap(drop))),
  };
}
