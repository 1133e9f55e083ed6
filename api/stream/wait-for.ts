import type { ChangeHub } from './hub.ts';

/**
 * Resolves with what `look` finds, looking again whenever the topic moves; null after `limitMs`. For answers that are
 * to show what a command has just done: the workflow accepts it a moment before the rows say so.
 */
export async function waitFor<Found>(
  hub: ChangeHub,
  topic: string,
  limitMs: number,
  look: () => Promise<Found | null>,
): Promise<Found | null> {
  const deadline = performance.now() + limitMs;
  let wake = () => {};
  let isMoved = false;
  const unlisten = hub.listen(topic, () => {
    isMoved = true;
    wake();
  });
  try {
    for (;;) {
      isMoved = false;
      const found = await look();
      const left = deadline - performance.now();
      if (found !== null || left <= 0) return found;
      if (isMoved) continue;
      const moved = Promise.withResolvers<void>();
      wake = moved.resolve;
      const timer = setTimeout(moved.resolve, Math.min(left, 500));
      await moved.promise;
      clearTimeout(timer);
    }
  } finally {
    unlisten();
  }
}
