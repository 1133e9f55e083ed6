import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { LIMITS } from '../guard.ts';
import type { ImportReader } from './import-reader.ts';
import { readTree, refuse, type Refused, type SourceTree } from './read-tree.ts';

/** A repository on this machine. */
export interface Folder {
  /** Absolute; nothing outside it is read. */
  root: string;
  /** Absolute; names of files are relative to it. */
  base: string;
  /** Name of the file that is compiled. */
  main: string;
}

/** Reads imports from a folder of this machine. */
export function readFolder(folder: Folder): ImportReader {
  return readTree(createFolderTree(folder));
}

/** A folder of this machine as a tree: nothing outside it is read. */
export function createFolderTree({ root, base, main }: Folder): SourceTree {
  const nameOf = (path: string) => {
    const absolute = join(root, path);
    return absolute === resolve(base, main) ? main : relative(base, absolute);
  };
  const pathOf = (name: string) => relative(root, resolve(base, name)).split(sep).join('/');
  return { readText: (path) => readText(root, path), nameOf, pathOf };
}

/** A regular file below a folder, links looked through; never a pipe or a device, which could be read for ever. */
function readText(root: string, path: string): string | Refused {
  try {
    const real = realpathSync(join(root, path));
    if (!real.startsWith(realpathSync(root) + sep)) {
      return refuse(`"${path}" leads out of the repository`, 'a link may only lead to what is inside it');
    }
    const stat = lstatSync(real);
    if (!stat.isFile()) return refuse(`"${path}" is no file`);
    if (stat.size > LIMITS.bytes) return refuse(`"${path}" has ${stat.size} bytes, at most ${LIMITS.bytes} are read`);
    return readFileSync(real, 'utf8');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') return refuse(`there is no file "${path}"`);
    return refuse(`"${path}" cannot be read: ${code}`);
  }
}
