import type { Client } from '@temporalio/client';
import { CONTROL_QUEUE, RECONCILE } from '#core/queues.ts';

/** Starts the reconciler every minute; one at a time, and none is made up for after a sleep. Safe to repeat. */
export async function ensureReconcileSchedule(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: RECONCILE,
      spec: { intervals: [{ every: '1m' }] },
      policies: { overlap: 'SKIP', catchupWindow: '1m' },
      action: { type: 'startWorkflow', workflowType: RECONCILE, taskQueue: CONTROL_QUEUE, args: [] },
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ScheduleAlreadyRunning')) throw error;
  }
}
