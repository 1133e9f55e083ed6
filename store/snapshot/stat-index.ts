import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../object/write-file.ts';
import { type FileStamp, isSameStamp } from './file-stamp.ts';
import { touch } from './touch.ts';

/** What is known of a root since its last snapshot. */
export interface StatIndex {
  /** By path: contents that need no reading. */
  files: Map<string, { stamp: FileStamp; digest: string }>;
  /** By path with a `/` behind: the rules that held there. Under the same ones a known file is not left out. */
  folders: Map<string, string>;
}

type Row = [path: string, bytes: number, mtimeMs: number, ctimeMs: number, inode: number, digest: string];

interface Kept {
  version: 2;
  root: string;
  rows: Row[];
  folders: [path: string, rules: string][];
}

export function emptyStatIndex(): StatIndex {
  return { files: new Map(), folders: new Map() };
}

/** The digest that a file with this stamp is known to have, or null. */
export function findKnownDigest(index: StatIndex, path: string, stamp: FileStamp): string | null {
  const known = index.files.get(path);
  return known && isSameStamp(known.stamp, stamp) ? known.digest : null;
}

/** Empty when there is none, or it is not ours to read: it only saves work. */
export async function loadStatIndex(folder: string, root: string): Promise<StatIndex> {
  try {
    const index = emptyStatIndex();
    const kept = JSON.parse(await readFile(pathOf(folder, root), 'utf8')) as Kept;
    if (kept.version !== 2 || kept.root !== root) return index;
    for (const [path, bytes, mtimeMs, ctimeMs, inode, digest] of kept.rows) {
      index.files.set(path, { stamp: { bytes, mtimeMs, ctimeMs, inode }, digest });
    }
    for (const [path, rules] of kept.folders) index.folders.set(path, rules);
    return index;
  } catch {
    return emptyStatIndex();
  }
}

export async function saveStatIndex(folder: string, root: string, index: StatIndex): Promise<void> {
  const rows = Array.from(index.files, ([path, { stamp, digest }]): Row => [
    path,
    stamp.bytes,
    stamp.mtimeMs,
    stamp.ctimeMs,
    stamp.inode,
    digest,
  ]);
  const kept: Kept = { version: 2, root, rows, folders: [...index.folders] };
  await writeFileAtomically(pathOf(folder, root), Buffer.from(JSON.stringify(kept)), {
    temporaryFolder: join(folder, '.writing'),
  });
}

/** False when it was swept: what is remembered of it may be, too. Else it is young again. */
export function touchStatIndex(folder: string, root: string): Promise<boolean> {
  return touch(pathOf(folder, root));
}

/** Digests that an index trusts to be there. */
export async function listIndexDigests(path: string): Promise<string[]> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as Kept).rows.map((row) => row[5]);
  } catch {
    // Nobody trusts what cannot be read.
    return [];
  }
}

function pathOf(folder: string, root: string): string {
  return join(folder, `${createHash('sha256').update(root).digest('hex').slice(0, 24)}.json`);
}
