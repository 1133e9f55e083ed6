import type { ChildMessage } from '#core/engine-file.ts';
import type { Database } from '#db/client.ts';
import { countOpenRuns, findNextTimer } from '#db/queries/next-timer.ts';

/** Says something to the supervisor; nothing happens in a process without one. */
export function tell(message: ChildMessage): void {
  // The channel may close in this very moment, and then the supervisor is gone: nobody is left to hear it.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/**
 * Tells the supervisor who needs the engine. Of calls while one is under way the last is made up for: a thousand clients
 * that come at once cost two looks at the database.
 */
export function createReport(
  database: Database,
  read: () => Pick<Extract<ChildMessage, { kind: 'clients' }>, 'count' | 'port'>,
): () => void {
  let isAgain = false;
  let reporting: Promise<void> | null = null;
  const once = async (): Promise<void> => {
    const [nextTimerAt, openRuns] = await Promise.all([findNextTimer(database), countOpenRuns(database)]);
    tell({ kind: 'clients', ...read(), nextTimerAt, openRuns });
  };
  const report = (): void => {
    if (!process.connected) return;
    isAgain = reporting !== null;
    reporting ??= once()
      // A database that is away says nothing; the next report comes within 30 s.
      .catch(() => {})
      .finally(() => {
        reporting = null;
        if (isAgain) report();
      });
  };
  return report;
}
