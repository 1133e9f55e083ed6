import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '#activities/contract.ts';

const { reconcileAll } = proxyActivities<Pick<Activities, 'reconcileAll'>>({
  startToCloseTimeout: '10m',
  summary: 'compare rows, workflows and hosts',
  // The next minute's run is the retry.
  retry: { maximumAttempts: 1 },
});

/** Reconciler and reaper, started by a schedule every minute (ARCHITECTURE §5). Answers what it found and did. */
export function reconcile(): ReturnType<Activities['reconcileAll']> {
  return reconcileAll();
}
