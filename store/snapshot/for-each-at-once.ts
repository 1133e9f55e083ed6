import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** Longest that acts which never wait keep the process from its other work. */
const SLICE_MS = 15;

/** Runs `act` for every item, `width` at a time; the first failure stops the rest. */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  width: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  let isStopped = false;
  let sliceEnd = performance.now() + SLICE_MS;
  async function work(): Promise<void> {
    while (next < items.length && !isStopped) {
      const item = items[next++] as Item;
      await act(item);
      if (performance.now() < sliceEnd) continue;
      await yieldToOthers();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  } finally {
    isStopped = true;
  }
}
