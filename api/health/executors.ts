import { CONTROL_QUEUE, HOST_POOL_QUEUE } from '#core/queues.ts';
import type { ExecutorObject } from '#core/rest-health.ts';
import { listClaimedQueues } from '#db/queries/host-claims.ts';
import type { ApiContext } from '../context.ts';

/** Workers that asked for work within the last minutes, as far as Temporal knows of them. */
export async function listExecutors(context: ApiContext): Promise<ExecutorObject[]> {
  const hosts = await listClaimedQueues(context.database);
  const pollers = await context.workflows.listPollers([CONTROL_QUEUE, HOST_POOL_QUEUE, ...hosts]);
  return pollers.map((poller) => ({ ...poller, kind: kindOf(poller.queue) }));
}

function kindOf(queue: string): ExecutorObject['kind'] {
  if (queue === CONTROL_QUEUE) return 'workflows';
  return queue === HOST_POOL_QUEUE ? 'pool' : 'host';
}
