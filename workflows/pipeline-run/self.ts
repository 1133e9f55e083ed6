import { workflowInfo } from '@temporalio/workflow';
import type { HostOpening, RunBegin, RunClaim } from '#activities/contract.ts';
import { local } from './activities.ts';

/** A claim of this run; `hasBegun`: its begin, if it has one, was written with it. */
export interface OwnClaim extends RunClaim {
  hasBegun: boolean;
}

/** Not ours when another execution has this run already: Temporal forgets ids after its retention (ENGINE 14). */
export async function claimThisRun(
  runId: string,
  begin: RunBegin | null,
  opens: HostOpening | null,
): Promise<OwnClaim> {
  const own = { runId, workflowRunId: workflowInfo().runId };
  const claim = await local.claimRun({ ...own, ...(begin && { begin }), ...(begin && opens && { opens }) });
  // Histories of releases whose claim said no more.
  if (typeof claim === 'boolean') return { isOurs: claim, isOnlyHost: false, hasBegun: false };
  return { ...claim, hasBegun: begin !== null };
}

/** Workflow time: the same in every replay. */
export function nowIso(): string {
  return new Date(Date.now()).toISOString();
}
