import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Folder } from './project.ts';

const LARGEST_READ = 1024 * 1024;

/** A folder of the disk. A file above 1 MiB counts as empty: no file a detector reads is near that. */
export function openFolder(path: string): Folder {
  return {
    names: readdirSync(path),
    has: (name) => existsSync(join(path, name)),
    read(name) {
      const stats = statSync(join(path, name), { throwIfNoEntry: false });
      if (!stats?.isFile()) return null;
      return stats.size > LARGEST_READ ? '' : readFileSync(join(path, name), 'utf8');
    },
  };
}
