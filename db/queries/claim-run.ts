import type { Status } from '#core/run.ts';
import { asJson, type Database } from '../client.ts';
import { CHANNEL } from '../notify.ts';

/**
 * Takes the run for one execution of its workflow. False when another has it, or when it is over: then Temporal had
 * forgotten an old execution with the same id and started it anew (ENGINE 14). `begin` is written with it unless the run
 * is further already: one statement instead of a transaction of its own.
 */
export async function claimRun(
  database: Database,
  claim: { runId: string; workflowRunId: string; begin?: { version: number; status: Status } },
): Promise<boolean> {
  const { runId, workflowRunId, begin } = claim;
  const version = begin?.version ?? 0;
  const rows = await database`
    WITH free AS (
      SELECT id, version < ${version} AND status_kind <> 'ended' AS begins FROM runs
      WHERE id = ${runId}
        AND (workflow_run_id = ${workflowRunId} OR (workflow_run_id IS NULL AND status_kind <> 'ended'))
      FOR UPDATE),
    claimed AS (
      UPDATE runs SET workflow_run_id = ${workflowRunId},
        status = CASE WHEN begins THEN ${asJson(database, begin?.status)}::json ELSE status END,
        status_kind = CASE WHEN begins THEN ${begin?.status.kind ?? null}::status_kind ELSE status_kind END,
        version = CASE WHEN begins THEN ${version} ELSE version END,
        seq = CASE WHEN begins THEN seq + 1 ELSE seq END,
        row_seq = CASE WHEN begins THEN seq + 1 ELSE row_seq END
      FROM free WHERE runs.id = free.id
      RETURNING runs.id, runs.seq, runs.status, begins),
    kept AS (
      INSERT INTO events (run_id, seq, kind, name, status)
      SELECT id, seq, 'run', '', status FROM claimed WHERE begins)
    SELECT CASE WHEN begins THEN pg_notify(${CHANNEL}, 'run:' || id || ' ' || seq) END FROM claimed`;
  return rows.length > 0;
}
