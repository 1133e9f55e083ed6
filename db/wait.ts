import type { Database } from './client.ts';

/** Between two tries, ms. */
const PAUSE_MS = 20;

/**
 * Resolves once the server answers queries: listening comes before ready, so connecting alone says nothing. Throws
 * the last error after `limitMs`, at once when `isGone` says that nobody will ever answer.
 */
export async function waitUntilReady(
  database: Database,
  limitMs: number,
  isGone: () => boolean = () => false,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      await database`SELECT 1`;
      return;
    } catch (error) {
      if (isGone() || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
