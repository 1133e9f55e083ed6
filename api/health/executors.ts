import { CONTROL_QUEUE, HOST_POOL_QUEUE } from '#core/queues.ts';
import { listClaimedQueues } from '#db/queries/host-claims.ts';
import type { ApiContext } from '../context.ts';
import type { Poller } from '../workflows/gateway.ts';

/** A worker that asks for work. */
export interface Executor extends Poller {
  /** `workflows`: carries runs on. `pool`: opens runs on a machine. `host`: executes the stages of its own. */
  kind: 'workflows' | 'pool' | 'host';
}

/** Workers that asked for work within the last minutes, as far as Temporal knows of them. */
export async function listExecutors(context: ApiContext): Promise<Executor[]> {
  const hosts = await listClaimedQueues(context.database);
  const pollers = await context.workflows.listPollers([CONTROL_QUEUE, HOST_POOL_QUEUE, ...hosts]);
  return pollers.map((poller) => ({ ...poller, kind: kindOf(poller.queue) }));
}

function kindOf(queue: string): Executor['kind'] {
  if (queue === CONTROL_QUEUE) return 'workflows';
  return queue === HOST_POOL_QUEUE ? 'pool' : 'host';
}
