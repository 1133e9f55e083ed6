import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '#activities/contract.ts';

const activities = proxyActivities<Pick<Activities, 'prune'>>({
  startToCloseTimeout: '10m',
  // Else a worker that dies over it holds off everybody who asks until then.
  heartbeatTimeout: '10s',
  summary: 'sweep what nobody needs any more',
  // Who asks asks again; what was cut off is gone on with by the schedule.
  retry: { maximumAttempts: 1 },
});

/** A sweep that somebody asks for, of everything at once; with `isDry` it counts alone. */
export function prune(input: { isDry: boolean }): ReturnType<Activities['prune']> {
  return activities.prune(input);
}
