import { endRun } from '#db/queries/end-run.ts';
import { findRunAnywhere } from '#db/queries/find-run.ts';
import { createStuckEnd, isStuck } from '#db/queries/stuck-run.ts';
import type { ApiContext } from '../context.ts';

/**
 * Cancels a run that no code here can carry on (ENGINE 9): its workflow hears no update, so it is terminated and the
 * rows are ended for it. The command must have been written down before: killed in between, the reconciler reads from
 * it that the run was cancelled. False when the run is none of these, or its workflow is over already.
 */
export async function cancelStuck(context: ApiContext, runId: string): Promise<boolean> {
  const run = await findRunAnywhere(context.database, runId);
  if (!run || !isStuck(run.status)) return false;
  if (!(await context.workflows.terminate(runId, 'cancelled'))) return false;
  await endRun(context.database, run, createStuckEnd());
  await context.stores.secrets.forget(runId);
  return true;
}
