import type { QuotaKind } from '#core/rest-workspaces.ts';
import type { RunShare } from '#core/run.ts';
import { findFullQuota, findShare, type FullQuota } from '#db/queries/admission.ts';
import type { Scoped } from '#db/scope.ts';
import { ProblemError } from '../problem.ts';

/**
 * Lets a run of a workspace in, in the transaction that inserts it, and answers how it shares with others. Throws
 * `quota-exceeded`: 429 for what frees by itself, 409 for what somebody has to free.
 */
export async function admitRun(
  scoped: Scoped,
  run: { workspaceId: string; workspace: string; priority: number },
): Promise<RunShare> {
  const { weight, isLimited } = await findShare(scoped, run.workspaceId);
  if (isLimited) {
    const full = await findFullQuota(scoped, run.workspaceId);
    if (full) throw refuse(run.workspace, full);
  }
  return { priority: run.priority, key: run.workspaceId, weight };
}

function refuse(workspace: string, { kind, used, value, resetsAt }: FullQuota): ProblemError {
  const detail = `${workspace} has used ${used} of its ${value} ${NOUNS[kind]}`;
  if (resetsAt === null) {
    return new ProblemError(409, 'quota-exceeded', detail, {
      hint: 'artifacts go at the end of their time; or ask for a larger quota',
    });
  }
  const afterMs = Math.max(1_000, Date.parse(resetsAt) - Date.now());
  const hint = `it is free again at ${resetsAt}; or ask for a larger quota`;
  return new ProblemError(429, 'quota-exceeded', detail, { hint, retry: { afterMs } });
}

const NOUNS: Record<QuotaKind, string> = {
  'stages-at-once': 'stages at once',
  'runs-a-day': 'runs of this day',
  'minutes-a-month': 'minutes of this month',
  'storage-bytes': 'bytes of storage',
};
