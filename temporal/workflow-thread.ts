import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded first in each thread of a worker process (`--import`, engine/node-flags.ts). The SDK notes the stack of every
 * promise a workflow makes, for the query `__stack_trace`: 40 % of what our workflows cost, and where a run stands is
 * told by its own query. It goes without where V8's hook is not to be had, and says so once in the worker's log.
 */
if (!isMainThread) {
  v8.promiseHooks.createHook = () => {
    throw new Error('BuildIt keeps no stacks of workflows');
  };
}
