import type { Reason } from '#core/attempt.ts';
import type { Status } from '#core/run.ts';
import { asJson, type Database } from '../client.ts';
import { orderKey } from '../order.ts';
import { changeRun } from './change-run.ts';
import type { AttemptRowKey } from './record-attempt.ts';

/**
 * Shows what a stage waits for that has its place and has not begun. It is no event of the history, and nothing once
 * the attempt has begun, is held, or the workflow has said something newer.
 */
export async function recordPreparing(database: Database, key: AttemptRowKey, reason: Reason): Promise<void> {
  await changeRun(database, key.runId, async (transaction, seq) => {
    const [stage] = await transaction<{ status: Status }[]>`
      SELECT status FROM stages
      WHERE run_id = ${key.runId} AND name = ${key.stage} AND status_kind IN ('waiting', 'queued')
        AND order_key < ${orderKey(key.version, 'started')}`;
    if (stage) {
      const since = stage.status.kind === 'queued' ? stage.status.since : new Date().toISOString();
      const status: Status = { kind: 'queued', since, reason };
      await transaction`
        UPDATE stages SET status = ${asJson(transaction, status)}, status_kind = 'queued', seq = ${seq}
        WHERE run_id = ${key.runId} AND name = ${key.stage}`;
    }
    return { changes: [], result: undefined };
  });
}
