import type { NativeConnection, Worker as WorkerType } from '@temporalio/worker';
import type { Activities } from '#activities/contract.ts';
import type { WorkerQueue } from '#config/system/settings.ts';
import { beatEvery } from '#core/heartbeat.ts';
import { CONTROL_QUEUE, HOST_POOL_QUEUE } from '#core/queues.ts';
import type { Tracing } from '#tracing/tracing.ts';
import { DefaultLogger, Runtime, Worker } from './sdk.ts';
import { traceWork } from './trace-work.ts';

/** Which work a process takes. */
export interface WorkerRole {
  connection: NativeConnection;
  namespace: string;
  /** Path of the prebuilt bundle (see bundle.ts). */
  bundle: string;
  activities: Activities;
  /** Private queue of this host: stages whose run was claimed here. */
  hostQueue: string;
  /** Stages that execute here at once. */
  maxStages: number;
  /** `control`: workflows with the activities that touch only our database; `hosts`: what this machine executes. */
  queues: readonly WorkerQueue[];
  /** Silence after which a worker is taken for dead, ms; absent of the usual 5 s. */
  heartbeatMs?: number;
  /** Null tells nobody. */
  tracing: Tracing | null;
}

/** Time a stopping worker gives activities to let go: they leave their containers running. */
const SHUTDOWN_GRACE = '5s';
/** Budget of 1 MiB a cached workflow (ARCHITECTURE §4). */
const MAX_CACHED_WORKFLOWS = 200;

/**
 * What a process takes from its queues at once. Little: the server hands out tasks in turn by workspace (priority and
 * fairness), the process works off what it has taken as it comes. With the SDK's 40 and 100 a single run waited twice
 * as long behind 500 of another workspace, and none was sooner done.
 */
const AT_ONCE = {
  control: { maxConcurrentWorkflowTaskExecutions: 10, maxConcurrentLocalActivityExecutions: 20 },
  pool: { maxConcurrentActivityTaskExecutions: 16 },
};

/**
 * The workers of one process on one connection: workflows with the activities that touch
 * only our database, the opening of runs for the pool, and the stages of this host.
 */
export async function createWorkers(role: WorkerRole): Promise<WorkerType[]> {
  const { connection, namespace, activities } = role;
  const { awaitHostGone, runStage, ...control } = activities;
  const { openHost, closeHost } = control;
  const { sinks, interceptors } = traceWork(role.tracing);
  const beatMs = beatEvery(role.heartbeatMs);
  const base = { connection, namespace, shutdownGraceTime: SHUTDOWN_GRACE, interceptors };
  const forControl = () => [
    Worker.create({
      ...base,
      taskQueue: CONTROL_QUEUE,
      workflowBundle: { codePath: role.bundle },
      sinks,
      activities: control,
      maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
      ...AT_ONCE.control,
      // After a worker died its sticky queue is waited for this long; the default adds 10 s.
      stickyQueueScheduleToStartTimeout: '2s',
    }),
  ];
  const forHosts = () => [
    Worker.create({
      ...base,
      taskQueue: HOST_POOL_QUEUE,
      activities: { openHost, awaitHostGone },
      ...AT_ONCE.pool,
    }),
    Worker.create({
      ...base,
      taskQueue: role.hostQueue,
      // Runs that look for this machine by its labels are opened here and not by whoever is first.
      activities: { runStage, closeHost, openHost },
      maxConcurrentActivityTaskExecutions: role.maxStages,
      maxHeartbeatThrottleInterval: beatMs,
      defaultHeartbeatThrottleInterval: beatMs,
    }),
  ];
  const creators = { control: forControl, hosts: forHosts };
  return Promise.all(role.queues.flatMap((queue) => creators[queue]()));
}

/** Installs the one Runtime of this process; before any connection. */
export function installRuntime(): void {
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN') });
}

/** Until `signal` aborts; then the workers let go in order, then the connection closes. */
export async function runWorkers(workers: WorkerType[], connection: NativeConnection, signal: AbortSignal) {
  signal.addEventListener('abort', () => workers.forEach((worker) => worker.shutdown()), { once: true });
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await connection.close();
  }
}
