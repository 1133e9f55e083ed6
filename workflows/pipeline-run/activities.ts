import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '#activities/contract.ts';
import type { HostClaim } from '#core/attempt.ts';
import { HEARTBEAT_MS } from '#core/heartbeat.ts';
import { HOST_POOL_QUEUE } from '#core/queues.ts';

/** Deaths of a worker a single attempt survives before it is called the platform's fault. */
const MAX_DELIVERIES = 20;

/** Database writes and pure look-ups: one marker in the history, retried until they succeed. */
export const local = proxyLocalActivities<
  Pick<
    Activities,
    | 'claimRun'
    | 'recordBatch'
    | 'evaluateCondition'
    | 'findWindow'
    | 'expandMatrix'
    | 'findEnvironment'
    | 'startChild'
    | 'askPlace'
    | 'findRunner'
    | 'hasBegun'
  >
>({ startToCloseTimeout: '30s', retry: { initialInterval: '200ms', maximumInterval: '5s' } });

/** On the machine of the workflow's own worker, when there is no other: a marker each, where a queue takes six events. */
export const here = proxyLocalActivities<Pick<Activities, 'openHost' | 'closeHost'>>({
  startToCloseTimeout: '2m',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: MAX_DELIVERIES },
});

/** Taken by any host of the pool. */
export const pool = proxyActivities<Pick<Activities, 'openHost' | 'awaitHostGone'>>({
  taskQueue: HOST_POOL_QUEUE,
  startToCloseTimeout: '30m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: MAX_DELIVERIES },
});

/** A runner that was found by its labels and has died since is not waited for. */
const OPENING_MS = 30_000;

/** Opening a run on a machine that was found by its labels. */
export function openerOn(queue: string) {
  return proxyActivities<Pick<Activities, 'openHost'>>({
    taskQueue: queue,
    scheduleToStartTimeout: OPENING_MS,
    startToCloseTimeout: '30m',
    heartbeatTimeout: '10s',
    retry: { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: MAX_DELIVERIES },
  });
}

/** One attempt of a stage on the queue of the host that holds the run. */
export function stageOn(options: {
  claim: Pick<HostClaim, 'queue' | 'heartbeatMs'>;
  leaseMs: number;
  limitMs: number;
  summary: string;
  /** Before all that waits for a place on the host. */
  isUrgent?: boolean;
}) {
  return proxyActivities<Pick<Activities, 'runStage'>>({
    taskQueue: options.claim.queue,
    startToCloseTimeout: options.limitMs,
    heartbeatTimeout: options.claim.heartbeatMs ?? HEARTBEAT_MS,
    // Only a host that can be lost has a limit here: a laptop that slept must not lose its run.
    ...(options.leaseMs > 0 ? { scheduleToStartTimeout: options.leaseMs } : {}),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: options.summary,
    ...(options.isUrgent ? { priority: { priorityKey: 1 } } : {}),
    retry: {
      initialInterval: '1s',
      maximumInterval: '30s',
      maximumAttempts: MAX_DELIVERIES,
      nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'],
    },
  });
}

/** Clean-up on a host; what it misses the reaper finds. */
export function cleanerOn(queue: string) {
  return proxyActivities<Pick<Activities, 'closeHost'>>({
    taskQueue: queue,
    startToCloseTimeout: '2m',
    scheduleToCloseTimeout: '10m',
    heartbeatTimeout: '10s',
    summary: 'remove what the run left',
    // Before any stage that waits: what it removes takes up the host.
    priority: { priorityKey: 1 },
    retry: { initialInterval: '1s', maximumInterval: '10s', maximumAttempts: MAX_DELIVERIES },
  });
}
