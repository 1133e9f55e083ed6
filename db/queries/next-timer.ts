import type { Database } from '../client.ts';

/**
 * When the next timer of an open run falls due (ISO), null when none is known: expiries of open gates. Retries and
 * time limits belong to stages that execute, and while one does the engine does not leave anyway.
 */
export async function findNextTimer(database: Database): Promise<string | null> {
  const [row] = await database<{ at: string | null }[]>`
    SELECT min(gates.expires_at) AS at FROM gates JOIN runs ON runs.id = gates.run_id
    WHERE gates.status_kind = 'waiting' AND gates.opened_at IS NOT NULL AND runs.status_kind <> 'ended'`;
  return row?.at ?? null;
}
