import type { Database } from '../client.ts';

/**
 * Takes the run for one execution of its workflow. False when another has it, or when it is over: then Temporal had
 * forgotten an old execution with the same id and started it anew (ENGINE 14).
 */
export async function claimRun(database: Database, claim: { runId: string; workflowRunId: string }): Promise<boolean> {
  const rows = await database`
    UPDATE runs SET workflow_run_id = ${claim.workflowRunId}
    WHERE id = ${claim.runId}
      AND (workflow_run_id = ${claim.workflowRunId} OR (workflow_run_id IS NULL AND status_kind <> 'ended'))
    RETURNING id`;
  return rows.length > 0;
}
