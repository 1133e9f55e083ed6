import { setTimeout as delay } from 'node:timers/promises';

/** Work that no result waits for, by the run it is done for. It must never reject. */
export interface BackgroundWork {
  add(runId: string, work: Promise<void>): void;
  /** Resolves when the run's work is over, at the latest after `limitMs`. */
  settleRun(runId: string, limitMs: number): Promise<void>;
  settleAll(): Promise<void>;
}

export function createBackgroundWork(): BackgroundWork {
  const runs = new Map<string, Set<Promise<void>>>();
  return {
    add(runId, work) {
      const known = runs.get(runId) ?? new Set();
      runs.set(runId, known.add(work));
      void work.finally(() => {
        known.delete(work);
        if (known.size === 0 && runs.get(runId) === known) runs.delete(runId);
      });
    },
    async settleRun(runId, limitMs) {
      const waiting = new AbortController();
      const limit = delay(limitMs, undefined, { signal: waiting.signal }).catch(() => undefined);
      await Promise.race([Promise.allSettled([...(runs.get(runId) ?? [])]), limit]);
      waiting.abort();
    },
    settleAll: async () => void (await Promise.allSettled([...runs.values()].flatMap((works) => [...works]))),
  };
}
