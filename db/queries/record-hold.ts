import type { Reason } from '#core/attempt.ts';
import type { Status } from '#core/run.ts';
import { asJson, type Database } from '../client.ts';
import { orderKey } from '../order.ts';
import { changeRun } from './change-run.ts';
import type { AttemptRowKey } from './record-attempt.ts';

/** Shows the stage as held. What the attempt writes next takes its place. */
export async function recordHold(database: Database, key: AttemptRowKey, reason: Reason): Promise<void> {
  const status: Status = { kind: 'paused', reason };
  await changeRun(database, key.runId, async (transaction, seq) => {
    const rows = await transaction`
      UPDATE stages SET status = ${asJson(transaction, status)}, status_kind = 'paused', seq = ${seq}
      WHERE run_id = ${key.runId} AND name = ${key.stage} AND order_key < ${orderKey(key.version, 'ended')}
      RETURNING name`;
    return { changes: rows.length > 0 ? [{ kind: 'stage', name: key.stage, status }] : [], result: undefined };
  });
}
