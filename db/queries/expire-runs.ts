import { asJson, type Database, type Transaction } from '../client.ts';
import { CHANNEL } from '../notify.ts';
import { type DueRuns, isUnused } from './due-runs.ts';
import { writeSystemEvent } from './write-audit-event.ts';

/** Runs that are given up in one transaction. */
const AT_ONCE = 50;
/** Names that the audit keeps of them. */
const NAMED = 20;

/**
 * Gives up what runs have left: from the commit on nobody is given it, and its bytes may go. Runs that somebody repeats
 * meanwhile stay: who repeats one locks its number first. Answers those that went. The audit of their workspace says so.
 */
export async function expireRuns(database: Database, due: readonly DueRuns[]): Promise<DueRuns[]> {
  const gone: DueRuns[] = [];
  for (const runs of batchByWorkspace(due)) {
    gone.push(
      ...(await database.begin(async (transaction) => {
        const expired: DueRuns[] = [];
        for (const one of runs) if (await expire(transaction, one)) expired.push(one);
        await writeEvent(transaction, expired);
        return expired;
      })),
    );
  }
  return gone;
}

async function expire(transaction: Transaction, { scope, number, endedAt }: DueRuns): Promise<boolean> {
  await transaction`SELECT FROM run_numbers WHERE scope = ${scope} AND number = ${number} FOR UPDATE`;
  const runs = await transaction<{ id: string }[]>`
    UPDATE runs SET expired_at = now(), seq = seq + 1, row_seq = seq + 1
    WHERE scope = ${scope} AND number = ${number} AND expired_at IS NULL
      AND NOT EXISTS (
        SELECT FROM runs AS other WHERE other.scope = ${scope} AND other.number = ${number}
          AND (other.status_kind <> 'ended' OR other.ended_at > ${endedAt}::timestamptz + interval '1 millisecond'))
      AND ${isUnused(transaction)}
    RETURNING id, pg_notify(${CHANNEL}, 'run:' || id || ' ' || seq)`;
  const ids = runs.map(({ id }) => id);
  if (ids.length === 0) return false;
  await transaction`
    UPDATE artifacts SET removed_at = now(), is_swept = true, expires_at = least(coalesce(expires_at, now()), now())
    WHERE run_id IN ${transaction(ids)} AND removed_at IS NULL`;
  return true;
}

/** Runs that are given up and whose bytes are still there, without some. */
export async function listRunsToSweep(
  database: Database,
  limit: number,
  without: readonly string[],
): Promise<string[]> {
  const rows = await database<{ id: string }[]>`
    SELECT id FROM runs WHERE expired_at IS NOT NULL AND NOT is_swept
      AND id::text NOT IN (SELECT json_array_elements_text(${asJson(database, without)}))
    ORDER BY expired_at LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

export async function noteRunSwept(database: Database, runId: string): Promise<void> {
  await database`UPDATE runs SET is_swept = true WHERE id = ${runId}`;
}

function batchByWorkspace(due: readonly DueRuns[]): DueRuns[][] {
  return [...Map.groupBy(due, ({ workspaceId }) => workspaceId).values()].flatMap((runs) =>
    Array.from({ length: Math.ceil(runs.length / AT_ONCE) }, (_, index) =>
      runs.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    ),
  );
}

async function writeEvent(transaction: Transaction, runs: readonly DueRuns[]): Promise<void> {
  const [first] = runs;
  if (!first) return;
  await writeSystemEvent(transaction, first.workspaceId, 'run.expire', {
    runs: runs.slice(0, NAMED).map(({ label }) => label),
    count: runs.length,
    bytes: runs.reduce((sum, { bytes }) => sum + bytes, 0),
    endedBefore: runs.at(-1)?.endedAt,
    limits: [...new Set(runs.map(({ limit }) => limit))],
  });
}
