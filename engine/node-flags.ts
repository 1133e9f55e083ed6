import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * How our own processes are started.
 *
 * - The API holds thousands of streams that allocate little each: with a small young generation their memory is given
 *   back instead of kept for the next burst (docs/benchmarks.md, streams).
 * - The threads of a worker load a file of its own version first; a version may have none.
 */
export function listNodeFlags(role: 'api' | 'worker', entry: string): string[] {
  const flags = ['--disable-warning=ExperimentalWarning'];
  if (role === 'api') return [...flags, '--max-semi-space-size=2'];
  const preload = join(dirname(entry), 'workflow-thread.ts');
  return existsSync(preload) ? [...flags, `--import=${pathToFileURL(preload).href}`] : flags;
}
