import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Sdk from '@temporalio/worker';

/** What the SDK's bundler takes from elsewhere: webpack and two file systems of its own, a hundred files of code. */
const OF_BUNDLER: ReadonlySet<string> = new Set(['webpack', 'memfs', 'unionfs']);
const LEFT_OUT = new URL('left-out.ts', import.meta.url).href;

const OF_RXJS: ReadonlySet<string> = new Set(['rxjs', 'rxjs/operators']);

/**
 * The SDK's worker. It would load its bundler in every process, which no worker of ours uses: workflows are bundled
 * once, by a process of its own (bundle.ts). Without it, and with the one file of RxJS in place of its two hundred, a
 * worker starts 75 ms of processor time sooner.
 */
export const { DefaultLogger, NativeConnection, Runtime, Worker } = await loadSdk();

async function loadSdk(): Promise<typeof Sdk> {
  const ofSdk = createRequire(createRequire(import.meta.url).resolve('@temporalio/worker'));
  const rxjs = pathToFileURL(join(dirname(ofSdk.resolve('rxjs/package.json')), 'dist/bundles/rxjs.umd.js')).href;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (OF_RXJS.has(specifier)) return { url: rxjs, format: 'commonjs', shortCircuit: true };
      return OF_BUNDLER.has(specifier) && context.parentURL?.endsWith('/@temporalio/worker/lib/workflow/bundler.js')
        ? { url: LEFT_OUT, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context);
    },
  });
  try {
    return await import('@temporalio/worker');
  } finally {
    hooks.deregister();
  }
}
