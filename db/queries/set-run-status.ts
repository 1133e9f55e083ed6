import type { Status } from '#core/run.ts';
import { asJson, type Database } from '../client.ts';
import { changeRun } from './change-run.ts';

/**
 * Sets the status of an open run from outside its workflow, until the workflow writes again: the version stays, so that
 * nothing of the workflow is refused. Without effect on a run that has ended or has this kind of status already, for the
 * same reason.
 */
export async function setRunStatus(database: Database, runId: string, status: Status): Promise<void> {
  const code = status.kind === 'paused' ? status.reason.code : null;
  await changeRun(database, runId, async (transaction, seq) => {
    const rows = await transaction`
      UPDATE runs SET status = ${asJson(transaction, status)}, status_kind = ${status.kind}, row_seq = ${seq}
      WHERE id = ${runId} AND status_kind <> 'ended'
        AND (status_kind <> ${status.kind} OR status -> 'reason' ->> 'code' IS DISTINCT FROM ${code})
      RETURNING id`;
    return { changes: rows.length > 0 ? [{ kind: 'run', name: '', status }] : [], result: undefined };
  });
}
