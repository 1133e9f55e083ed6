import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const YOUNG_MB = { api: 2, worker: 4 };

/**
 * How our own processes are started.
 *
 * - With a small young generation memory is given back instead of kept for the next burst: of the API, which holds
 *   thousands of streams that allocate little each, half of what a stream takes; of the worker 70 MB, for no more
 *   processor time (docs/benchmarks.md).
 * - The heap of either grows by a fifth between two collections, once it has started (api/main.ts, temporal/main.ts).
 * - The threads of a worker load a file of its own version first; a version may have none.
 */
export function listNodeFlags(role: 'api' | 'worker', entry: string): string[] {
  const young = `--max-semi-space-size=${YOUNG_MB[role]}`;
  const flags = ['--disable-warning=ExperimentalWarning', young];
  if (role === 'api') return flags;
  const preload = join(dirname(entry), 'workflow-thread.ts');
  return existsSync(preload) ? [...flags, `--import=${pathToFileURL(preload).href}`] : flags;
}
