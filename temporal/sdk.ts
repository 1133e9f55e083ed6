import { registerHooks } from 'node:module';
import type * as Sdk from '@temporalio/worker';

/** What the SDK's bundler takes from elsewhere: webpack and two file systems of its own, a hundred files of code. */
const OF_BUNDLER: ReadonlySet<string> = new Set(['webpack', 'memfs', 'unionfs']);
const LEFT_OUT = new URL('left-out.ts', import.meta.url).href;

/**
 * The SDK's worker. It would load its bundler in every process, which no worker of ours uses: workflows are bundled
 * once, by a process of its own (bundle.ts). Without it a worker starts 50 ms of processor time sooner.
 */
export const { DefaultLogger, NativeConnection, Runtime, Worker } = await loadSdk();

async function loadSdk(): Promise<typeof Sdk> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      OF_BUNDLER.has(specifier) && context.parentURL?.endsWith('/@temporalio/worker/lib/workflow/bundler.js')
        ? { url: LEFT_OUT, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context),
  });
  try {
    return await import('@temporalio/worker');
  } finally {
    hooks.deregister();
  }
}
