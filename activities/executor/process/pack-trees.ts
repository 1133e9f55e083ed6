import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Pack, pack } from 'tar-stream';
import { nameInTree } from '../caches.ts';
import { isMissing } from './attempt-folder.ts';
import { packFile } from './pack-workspace.ts';

/** Whole folders of a workspace, empty ones too, as a tar stream with the names that caches give them. */
export function packTrees(root: string, paths: readonly string[]): Readable {
  const tar = pack();
  const write = async (): Promise<void> => {
    // The home of this account is nobody's to take.
    for (const path of paths) if (!path.startsWith('~/')) await packPath(tar, root, path);
    tar.finalize();
  };
  write().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  return Readable.from(tar);
}

async function packPath(tar: Pack, root: string, path: string): Promise<void> {
  const name = nameInTree(path);
  let facts;
  try {
    facts = await lstat(join(root, path));
  } catch (error) {
    // A process of the stage that still runs may remove what was just listed.
    if (isMissing(error)) return;
    throw error;
  }
  if (facts.isFile() || facts.isSymbolicLink()) return packFile(tar, join(root, path), name);
  if (!facts.isDirectory()) return;
  tar.entry({ name, type: 'directory', mode: facts.mode & 0o777, mtime: facts.mtime });
  for await (const entry of await opendir(join(root, path))) await packPath(tar, root, `${path}/${entry.name}`);
}
