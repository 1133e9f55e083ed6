import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { createGlobMatcher, findGlobBase } from '../globs.ts';
import { isMissing } from './attempt-folder.ts';

/** The files and links of a folder that match the globs, as a tar stream in byte order of the paths. Links are not followed. */
export function packWorkspace(root: string, globs: readonly string[]): Readable {
  const tar = pack();
  const matches = createGlobMatcher(globs);
  const bases = new Set(globs.filter((glob) => !glob.startsWith('!')).map(findGlobBase));
  const write = async (): Promise<void> => {
    const seen = new Set<string>();
    for (const base of bases.has('') ? [''] : [...bases].toSorted()) {
      for await (const path of listFilesBelow(root, base)) {
        if (seen.has(path) || !matches(path)) continue;
        seen.add(path);
        await packFile(tar, join(root, path), path);
      }
    }
    tar.finalize();
  };
  write().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  return Readable.from(tar);
}

/** Files and links below a folder of a workspace, in byte order of the paths. */
export async function* listFilesBelow(root: string, path: string): AsyncGenerator<string> {
  let entries;
  try {
    entries = await readdir(join(root, path), { withFileTypes: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
    // A glob without wildcards may name a file, or nothing.
    if (path !== '' && (await lstat(join(root, path)).catch(() => null)) !== null) yield path;
    return;
  }
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const child = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* listFilesBelow(root, child);
    else if (entry.isFile() || entry.isSymbolicLink()) yield child;
  }
}

/** Writes a file, or a link as it is, under a name. */
export async function packFile(tar: Pack, path: string, name: string): Promise<void> {
  const facts = await lstat(path);
  const { mode, mtime, size } = facts;
  if (facts.isSymbolicLink()) {
    tar.entry({ name, type: 'symlink', linkname: await readlink(path), mtime });
    return;
  }
  const entry = tar.entry({ name, size, mode: mode & 0o777, mtime });
  if (size === 0) entry.end(null);
  else await pipeline(createReadStream(path, { end: size - 1 }), entry);
}
