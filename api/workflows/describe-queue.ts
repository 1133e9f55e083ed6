import type * as Temporal from '@temporalio/client';
import { CONTROL_QUEUE } from '#core/queues.ts';
import type { QueueState } from './gateway.ts';

/** temporal.api.enums.v1.TaskQueueType */
const [WORKFLOW_TASKS, ACTIVITIES] = [1, 2];

/** Asks Temporal for a task queue. Workflow tasks are on the control queue alone; the pollers are those of activities. */
export async function describeQueue(client: Temporal.Client, namespace: string, queue: string): Promise<QueueState> {
  const ask = (taskQueueType: number) =>
    client.workflowService.describeTaskQueue({
      ...{ namespace, taskQueue: { name: queue }, taskQueueType, reportStats: true },
    });
  const [activities, ...others] = await Promise.all([
    ask(ACTIVITIES),
    ...(queue === CONTROL_QUEUE ? [ask(WORKFLOW_TASKS)] : []),
  ]);
  const stats = [activities, ...others].map((answer) => answer.stats);
  return {
    queue,
    backlog: stats.reduce((sum, one) => sum + (one?.approximateBacklogCount?.toNumber() ?? 0), 0),
    oldestMs: Math.max(...stats.map((one) => (one?.approximateBacklogAge ? toMs(one.approximateBacklogAge) : 0))),
    pollers: (activities.pollers ?? []).map(({ identity, lastAccessTime }) => ({
      identity: identity ?? '',
      seenAt: lastAccessTime ? new Date(toMs(lastAccessTime)).toISOString() : null,
    })),
  };
}

/** A protobuf duration or timestamp; its seconds are a Long. */
function toMs(time: { seconds?: { toNumber(): number } | null; nanos?: number | null }): number {
  return (time.seconds?.toNumber() ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1e6);
}
