import type { ChangeHub } from './stream/hub.ts';

/** Works off rows that wait in the database, one look after the other. */
export interface WorkLoop {
  /** There may be something. */
  nudge(): void;
  /** Resolves when what is under way has come to an end. */
  stop(): Promise<void>;
}

/**
 * Calls `look` at once, whenever `topic` is notified, and after as many ms as it answered; 0 means that there is more
 * now. One that throws found the database away: nothing is lost, the rows are still there after `awayMs`.
 */
export function startWorkLoop(hub: ChangeHub, topic: string, awayMs: number, look: () => Promise<number>): WorkLoop {
  let isStopping = false;
  let isNudged = true;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | null = null;

  const work = async () => {
    let wait = 0;
    while (isNudged && !isStopping) {
      isNudged = false;
      wait = await look().catch(() => awayMs);
      if (wait === 0) isNudged = true;
    }
    if (!isStopping) timer = setTimeout(nudge, wait);
  };
  const nudge = () => {
    isNudged = true;
    if (working || isStopping) return;
    clearTimeout(timer);
    working = work().finally(() => {
      working = null;
      if (isNudged) nudge();
    });
  };
  const unlisten = hub.listen(topic, nudge);
  nudge();
  return {
    nudge,
    async stop() {
      isStopping = true;
      unlisten();
      clearTimeout(timer);
      await working;
    },
  };
}
