import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import ignore from 'ignore';

/** Editors write a file in several steps, and tools several files: a change is over when it was quiet for so long. */
const QUIET_MS = 200;

/**
 * The first path below a folder that changes, once all is quiet again; what the folder's own ignore files leave out does
 * not count, nor does git's data. Null when the signal aborts.
 */
export function awaitChange(folder: string, signal: AbortSignal): Promise<string | null> {
  const isIgnored = readIgnored(folder);
  return new Promise((resolve) => {
    let first: string | null = null;
    let quiet: NodeJS.Timeout | null = null;
    const finish = (path: string | null) => {
      if (quiet) clearTimeout(quiet);
      watcher.close();
      signal.removeEventListener('abort', leave);
      resolve(path);
    };
    const leave = () => finish(null);
    const watcher = watch(folder, { recursive: true }, (_, name) => {
      if (name === null || isIgnored(name)) return;
      first ??= name;
      if (quiet) clearTimeout(quiet);
      quiet = setTimeout(() => finish(first), QUIET_MS);
    });
    // A folder that was there a moment ago: the change itself says so.
    watcher.on('error', () => {});
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}

function readIgnored(folder: string): (path: string) => boolean {
  const rules = ignore().add('.git');
  for (const name of ['.gitignore', '.builditignore']) {
    const path = join(folder, name);
    if (existsSync(path)) rules.add(readFileSync(path, 'utf8'));
  }
  return (path) => rules.ignores(path);
}
