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
 * - Their heaps grow by a fifth between two collections: what an event to thousands of streams leaves behind is
 *   collected with the next ones, instead of kept by a process that is idle then (250 MB after twenty of them). Of what
 *   a worker had after some hundred runs, in its own heap and that of its workflows, half was garbage.
 * - The threads of a worker load a file of its own version first; a version may have none.
 */
export function listNodeFlags(role: 'api' | 'worker', entry: string): string[] {
  const young = `--max-semi-space-size=${YOUNG_MB[role]}`;
  const flags = ['--disable-warning=ExperimentalWarning', young, '--heap-growing-percent=20'];
  if (role === 'api') return flags;
  const preload = join(dirname(entry), 'workflow-thread.ts');
  return existsSync(preload) ? [...flags, `--import=${pathToFileURL(preload).href}`] : flags;
}
