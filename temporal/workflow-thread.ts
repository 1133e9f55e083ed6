import v8 from 'node:v8';
import vm from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/** What the SDK calls in a workflow's context that runs no code of the workflow and leaves nothing to be run after it. */
const OF_THE_SDK = new Set(['initialize', 'concludeActivation', 'dispose']);

/** How the SDK calls into a context (`workflow/reusable-vm.js`): whose, what and with what. */
interface CalledContext extends vm.Context {
  __temporal_args?: [holder: unknown, call: string, args: unknown];
  __TEMPORAL_BAG_HOLDER__?: unknown;
  __TEMPORAL_ACTIVATOR__?: { blockedConditions: ReadonlyMap<number, unknown> };
}

/**
 * The SDK watches each call by a thread that it makes and ends for it: 0.115 ms, 23 of them a run. It is what ends a
 * workflow that loops for ever, so whatever may run code of a workflow keeps it: the other half goes without.
 */
function watchWorkflows(runInContext: vm.Script['runInContext']): vm.Script['runInContext'] {
  return function (this: vm.Script, context, options) {
    if (!isOfTheSdk(context)) return runInContext.call(this, context, options);
    const { timeout: _timeout, ...unwatched } = options as vm.RunningScriptOptions;
    return runInContext.call(this, context, unwatched);
  };
}

function isOfTheSdk(context: CalledContext): boolean {
  const { __temporal_args: called, __TEMPORAL_BAG_HOLDER__: present, __TEMPORAL_ACTIVATOR__: activator } = context;
  if (called === undefined) return false;
  const [holder, call] = called;
  if (OF_THE_SDK.has(call)) return true;
  // Nothing waits for a condition, in the workflow that the context is already set up for.
  return call === 'tryUnblockConditions' && present === holder && activator?.blockedConditions.size === 0;
}

/**
 * Loaded first in each thread of a worker process (`--import`, engine/node-flags.ts). The SDK notes the stack of every
 * promise a workflow makes, for the query `__stack_trace`: 40 % of what our workflows cost, and where a run stands is
 * told by its own query. It goes without where V8's hook is not to be had, and says so once in the worker's log.
 */
if (!isMainThread) {
  v8.promiseHooks.createHook = () => {
    throw new Error('BuildIt keeps no stacks of workflows');
  };
  vm.Script.prototype.runInContext = watchWorkflows(vm.Script.prototype.runInContext);
}
