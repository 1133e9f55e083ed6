import type { Database, Transaction } from '../client.ts';
import type { OutboxRow } from '../rows.ts';

/**
 * Rows due now that no other relay holds, of every workspace, oldest first: nobody waits for all that another workspace
 * has started. Of each at most `each`, and only while fewer than `ahead` of its runs (times its share, 1 to 4) are started
 * and not yet begun: what waits here costs Temporal and the workers nothing. Held until the transaction ends.
 */
export function takeDue(transaction: Transaction, each: number, ahead: number): Promise<OutboxRow[]> {
  return transaction<OutboxRow[]>`
    WITH waiting AS (SELECT DISTINCT workspace_id FROM outbox WHERE due_at <= now()),
    -- Counted for all at once: the outbox is read once, not once a workspace.
    started AS (
      SELECT workspace_id, count(*) AS runs FROM runs
      WHERE status_kind = 'queued' AND workspace_id IN (SELECT workspace_id FROM waiting)
        AND NOT EXISTS (SELECT FROM outbox AS held WHERE held.run_id = runs.id)
      GROUP BY workspace_id)
    SELECT due.* FROM waiting
      JOIN workspaces ON workspaces.id = waiting.workspace_id
      LEFT JOIN started ON started.workspace_id = waiting.workspace_id
      CROSS JOIN LATERAL (
        SELECT * FROM outbox
        WHERE outbox.workspace_id = waiting.workspace_id AND due_at <= now()
        ORDER BY id LIMIT greatest(0, least(${each}, ${ahead} * least(weight, 4) - coalesce(started.runs, 0)))
        FOR UPDATE SKIP LOCKED
      ) AS due`;
}

export async function removeDelivered(transaction: Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await transaction`DELETE FROM outbox WHERE id IN ${transaction([...ids])}`;
}

/** Another try later: 0.2 s, doubled each time, at most 10 s. */
export async function postpone(transaction: Transaction, id: number, error: string): Promise<void> {
  await transaction`
    UPDATE outbox SET tries = tries + 1, last_error = ${error},
      due_at = now() + least(10, 0.2 * 2 ^ least(tries, 10)) * interval '1 second'
    WHERE id = ${id}`;
}

/** ms until the next row is due; 0 when one is, null when there is none. */
export async function findNextDue(database: Database): Promise<number | null> {
  // Without HAVING an empty outbox would answer 0: greatest() takes no notice of NULL.
  const [row] = await database<{ waitMs: number }[]>`
    SELECT greatest(0, ceil(extract(epoch FROM min(due_at) - now()) * 1000))::int AS wait_ms
    FROM outbox HAVING count(*) > 0`;
  return row?.waitMs ?? null;
}
