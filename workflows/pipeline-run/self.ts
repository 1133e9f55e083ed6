import { workflowInfo } from '@temporalio/workflow';
import { local } from './activities.ts';

/** False when another execution has this run already: Temporal forgets ids after its retention (ENGINE 14). */
export function claimThisRun(runId: string): Promise<boolean> {
  return local.claimRun({ runId, workflowRunId: workflowInfo().runId });
}

/** Workflow time: the same in every replay. */
export function nowIso(): string {
  return new Date(Date.now()).toISOString();
}
