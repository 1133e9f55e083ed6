import { CONTROL_QUEUE, HOST_POOL_QUEUE } from '#core/queues.ts';
import type { ExecutorObject, RunnerFacts } from '#core/rest-health.ts';
import { listClaimedQueues } from '#db/queries/host-claims.ts';
import { listRunners, type BusyRunner } from '#db/queries/runners.ts';
import type { ApiContext } from '../context.ts';

/** Workers that asked for work within the last minutes, as far as Temporal knows of them, with what their machines say. */
export async function listExecutors(context: ApiContext): Promise<ExecutorObject[]> {
  const [claimed, runners] = await Promise.all([listClaimedQueues(context.database), listRunners(context.database)]);
  const byQueue = new Map(runners.map((runner) => [runner.queue, runner]));
  const hosts = new Set([...claimed, ...runners.filter(({ isAlive }) => isAlive).map(({ queue }) => queue)]);
  const pollers = await context.workflows.listPollers([CONTROL_QUEUE, HOST_POOL_QUEUE, ...hosts]);
  return pollers.map((poller) => {
    const runner = byQueue.get(poller.queue);
    return { ...poller, kind: kindOf(poller.queue), runner: runner ? describeRunner(runner) : null };
  });
}

function describeRunner({ labels, stages, maxStages, runs, version, processExecutor }: BusyRunner): RunnerFacts {
  return { labels, stages, maxStages, runs, version, processExecutor };
}

function kindOf(queue: string): ExecutorObject['kind'] {
  if (queue === CONTROL_QUEUE) return 'workflows';
  return queue === HOST_POOL_QUEUE ? 'pool' : 'host';
}
