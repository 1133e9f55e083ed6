import type { PendingQuery, Row } from 'postgres';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Status } from '#core/run.ts';
import { asJson, type Database, type Transaction } from '../client.ts';
import { CHANNEL } from '../notify.ts';
import { toJsonText } from '../storable-text.ts';
import { insertDeliveries } from './webhook-deliveries.ts';

/** What changed in a run, for its history. */
export interface Change {
  kind: 'run' | 'stage' | 'gate';
  /** Empty for the run. */
  name: string;
  status: Status;
}

/**
 * Every write about a run goes through here: takes the run's row and its next `seq`, lets `write` change rows, keeps
 * what changed in the history and tells listeners, all in one transaction. A `seq` of which nothing came is no harm.
 * `topic` is told to listeners beside the run's own. `isSeen`: what the run's own object says changes with it. Throws the
 * fault `run-unknown`.
 */
export async function changeRun<Result>(
  database: Database,
  runId: string,
  write: (transaction: Transaction, seq: number) => Promise<{ changes: Change[]; result: Result; topic?: string }>,
  isSeen = false,
): Promise<Result> {
  const answer = await database.begin(async (transaction) => {
    const [run] = await transaction<{ seq: number }[]>`
      UPDATE runs SET seq = seq + 1, row_seq = CASE WHEN ${isSeen} THEN seq + 1 ELSE row_seq END
      WHERE id = ${runId} RETURNING seq`;
    if (!run) throw createRunUnknown(runId);
    const { changes, result, topic } = await write(transaction, run.seq);
    // Sent at once and answered in order: the run's row is locked, and each answer waited for costs both sides a wake-up.
    await Promise.all([
      insertDeliveries(transaction, runId, changes),
      keepHistory(
        transaction,
        { runId, seq: run.seq, changes },
        // What was written may have taken another `seq`.
        transaction`
          SELECT pg_notify(${CHANNEL}, 'run:' || id || ' ' || seq)
            ${topic === undefined ? transaction`` : transaction`, pg_notify(${CHANNEL}, ${topic})`}
          FROM runs WHERE id = ${runId}`,
      ),
    ]);
    return { result };
  });
  return answer.result as Result;
}

/** Keeps what changed; `tell` is the query that tells of it, in the same statement. */
export async function keepHistory(
  transaction: Transaction,
  { runId, seq, changes }: { runId: string; seq: number; changes: readonly Change[] },
  tell: PendingQuery<Row[]>,
): Promise<void> {
  const rows = changes.map((change) => ({ ...change, status: toJsonText(change.status) }));
  await transaction`
    WITH kept AS (
      INSERT INTO events (run_id, seq, kind, name, status)
      SELECT ${runId}, ${seq}, kind, name, status::json
      FROM json_to_recordset(${asJson(transaction, rows)}::json) AS change(kind text, name text, status text)
      ON CONFLICT DO NOTHING)
    ${tell}`;
}

export function createRunUnknown(runId: string): FaultError {
  return new FaultError({
    code: 'run-unknown',
    message: `there is no run ${runId}`,
    fix: 'buildit runs list shows the runs there are',
    retry: NO_RETRY,
  });
}
