import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './places.ts';

/** Real path of the first executable of that name on PATH, or null. */
export function findOnPath(name: string, environment: Environment): string | null {
  for (const folder of (environment['PATH'] ?? '').split(':')) {
    if (!folder.startsWith('/')) continue;
    const path = join(folder, name);
    if (isExecutableFile(path)) return realpathSync(path);
  }
  return null;
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
