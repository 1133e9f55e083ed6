import type { Database } from '../client.ts';

/** Figures that say whether work piles up. */
export interface DatabaseHealth {
  version: string;
  openRuns: number;
  /** Accepted runs whose workflow is not started yet, and why not, of the one that waits longest. */
  outbox: number;
  outboxError: string | null;
  /** How long the first of them waits. */
  outboxAgeMs: number;
  /** Clock of the database, ISO. */
  databaseTime: string;
}

export async function readHealth(database: Database): Promise<DatabaseHealth> {
  const [row] = await database<DatabaseHealth[]>`
    SELECT current_setting('server_version') AS version, clock_timestamp() AS database_time,
      (SELECT count(*)::int FROM runs WHERE status_kind <> 'ended') AS open_runs,
      (SELECT count(*)::int FROM outbox) AS outbox,
      (SELECT coalesce(extract(epoch FROM now() - min(created_at)) * 1000, 0)::int FROM outbox) AS outbox_age_ms,
      (SELECT last_error FROM outbox ORDER BY id LIMIT 1) AS outbox_error`;
  if (!row) throw new Error('a query without a table answers a row');
  return row;
}
