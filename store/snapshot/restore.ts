import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { TreeEntry } from '../archive/write-tar.ts';
import { errorCode, toStoreFault } from '../object/disk-fault.ts';
import { type ContentStore, KEPT_MODE } from './content-store.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import type { SnapshotEntry, SnapshotManifest } from './manifest.ts';
import { readSmallFile } from './read-small.ts';

const WIDTH = 8;

const READ_BYTES = 1024 * 1024;

type FileEntry = Extract<SnapshotEntry, { kind: 'file' }>;

/** The snapshot's entries for a tar. */
export async function* listTree(manifest: SnapshotManifest, contents: ContentStore): AsyncGenerator<TreeEntry> {
  for (const entry of manifest.entries) {
    if (entry.kind !== 'file') {
      yield entry;
      continue;
    }
    yield { ...entry, mtime: 0, content: () => readContent(entry, contents) };
  }
}

async function* readContent(entry: FileEntry, contents: ContentStore): AsyncGenerator<Uint8Array> {
  if (entry.bytes <= READ_BYTES) {
    const bytes = readSmall(contents.pathOf(entry.digest));
    if (bytes?.length !== entry.bytes) throw lostContent(entry);
    yield bytes;
    return;
  }
  const file = await open(contents.pathOf(entry.digest)).catch(() => null);
  try {
    if (!file || (await file.stat()).size !== entry.bytes) throw lostContent(entry);
    for (let read = 0; read < entry.bytes;) {
      const part = Buffer.allocUnsafe(Math.min(entry.bytes - read, READ_BYTES));
      const { bytesRead } = await file.read(part, 0, part.length);
      if (bytesRead === 0) throw lostContent(entry);
      read += bytesRead;
      yield part.subarray(0, bytesRead);
    }
  } finally {
    await file?.close();
  }
}

function readSmall(path: string): Buffer | null {
  try {
    return readSmallFile(path, READ_BYTES)?.bytes ?? null;
  } catch {
    return null;
  }
}

/**
 * Writes the snapshot below `folder`, which is made and must be empty. Copies share blocks
 * where the file system can, never inodes: a stage may write in place. Links come last, so
 * that nothing is written through one.
 */
export async function unpackTree(manifest: SnapshotManifest, contents: ContentStore, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty`);
    const { entries } = manifest;
    for (const entry of entries)
      if (entry.kind === 'folder') await mkdir(join(folder, entry.path), { recursive: true });
    const files = entries.filter((entry) => entry.kind === 'file');
    await forEachAtOnce(files, WIDTH, (entry) => copyContent(entry, contents, join(folder, entry.path)));
    for (const entry of entries) if (entry.kind === 'link') await symlink(entry.target, join(folder, entry.path));
  } catch (thrown) {
    throw toStoreFault(thrown, 'unpack the snapshot of the source');
  }
}

async function copyContent(entry: FileEntry, contents: ContentStore, path: string): Promise<void> {
  try {
    await copyFile(contents.pathOf(entry.digest), path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    if (entry.mode !== KEPT_MODE) await chmod(path, entry.mode);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT' && !(await contents.has(entry.digest))) throw lostContent(entry);
    throw thrown;
  }
}

function lostContent(entry: FileEntry): FaultError {
  return new FaultError({
    code: 'snapshot-lost',
    message: `The content of ${entry.path} is gone from the snapshot`,
    cause: `content ${entry.digest} is missing or has another size in the data folder`,
    fix: 'Run again: a new snapshot is taken',
    retry: NO_RETRY,
  });
}
