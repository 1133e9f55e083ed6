import { CONTROL_QUEUE, HOST_POOL_QUEUE } from '#core/queues.ts';
import type { ExecutorObject, RunnerFacts } from '#core/rest-health.ts';
import { listClaimedQueues } from '#db/queries/host-claims.ts';
import { listRunners, type BusyRunner } from '#db/queries/runners.ts';
import type { ApiContext } from '../context.ts';
import type { QueueState } from '../workflows/gateway.ts';

/** Workers that asked for work within the last minutes, as far as Temporal knows of them, with what their machines say. */
export async function listExecutors(context: ApiContext): Promise<ExecutorObject[]> {
  const runners = await listRunners(context.database);
  return toExecutors(await readQueues(context, runners), runners);
}

/** The queues of workflows, of the pool, and of each machine that is there or holds a run. */
export async function readQueues(context: ApiContext, runners: readonly BusyRunner[]): Promise<QueueState[]> {
  const claimed = await listClaimedQueues(context.database);
  const hosts = new Set([...claimed, ...runners.filter(({ isAlive }) => isAlive).map(({ queue }) => queue)]);
  return context.workflows.describeQueues([CONTROL_QUEUE, HOST_POOL_QUEUE, ...hosts]);
}

/** A row for each worker of each queue. */
export function toExecutors(queues: readonly QueueState[], runners: readonly BusyRunner[]): ExecutorObject[] {
  const byQueue = new Map(runners.map((runner) => [runner.queue, runner]));
  return queues.flatMap(({ queue, pollers }) => {
    const runner = byQueue.get(queue);
    const facts = runner ? describeRunner(runner) : null;
    return pollers.map((poller) => ({ queue, ...poller, kind: kindOf(queue), runner: facts }));
  });
}

function describeRunner({ labels, stages, maxStages, runs, version, processExecutor }: BusyRunner): RunnerFacts {
  return { labels, stages, maxStages, runs, version, processExecutor };
}

function kindOf(queue: string): ExecutorObject['kind'] {
  if (queue === CONTROL_QUEUE) return 'workflows';
  return queue === HOST_POOL_QUEUE ? 'pool' : 'host';
}
