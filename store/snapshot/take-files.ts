import { join } from 'node:path';
import { errorCode, toStoreFault } from '../object/disk-fault.ts';
import type { ContentStore } from './content-store.ts';
import { isSettled } from './file-stamp.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import type { SnapshotEntry } from './manifest.ts';
import { findKnownDigest, type StatIndex } from './stat-index.ts';
import { type Found, unreadable, type Walk } from './walk.ts';

/** Files read at the same time; the disk's threads are four. */
const WIDTH = 8;

export interface Taken {
  entries: SnapshotEntry[];
  /** What may be trusted next time. */
  index: StatIndex;
  /** Whether `index` says anything new. */
  isChanged: boolean;
  notices: string[];
}

/** Keeps the content of everything the walk found; files the index knows are not opened. */
export async function takeFiles(root: string, walk: Walk, known: StatIndex, contents: ContentStore): Promise<Taken> {
  const taken: Taken = {
    entries: [],
    index: { files: new Map(), folders: walk.folders },
    isChanged: false,
    notices: [...walk.notices],
  };
  const unknown: Extract<Found, { kind: 'file' }>[] = [];
  for (const found of walk.found) {
    if (found.kind !== 'file') {
      taken.entries.push(found);
      continue;
    }
    const { path, mode, stamp } = found;
    const digest = findKnownDigest(known, path, stamp);
    if (digest === null) {
      unknown.push(found);
      continue;
    }
    taken.entries.push({ kind: 'file', path, mode, bytes: stamp.bytes, digest });
    taken.index.files.set(path, { stamp, digest });
  }
  await forEachAtOnce(unknown, WIDTH, ({ path }) => takeFile(root, path, contents, taken));
  taken.isChanged ||= taken.index.files.size !== known.files.size || !isSameMap(walk.folders, known.folders);
  return taken;
}

async function takeFile(root: string, path: string, contents: ContentStore, taken: Taken): Promise<void> {
  const content = await contents.take(join(root, path)).catch((thrown: unknown) => {
    const code = errorCode(thrown);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EIO') {
      throw unreadable(join(root, path), code, 'Let this user read it, or name it in .builditignore');
    }
    throw toStoreFault(thrown, `keep ${path} in the snapshot of the source`);
  });
  if (!content) return;
  const { digest, bytes, mode, stamp } = content;
  taken.entries.push({ kind: 'file', path, mode, bytes, digest });
  if (!content.isSteady) {
    taken.notices.push(`${path} changed while the snapshot was taken; it is in it as it was last read`);
  } else if (isSettled(stamp, content.readAt)) {
    taken.index.files.set(path, { stamp, digest });
    taken.isChanged = true;
  }
}

function isSameMap(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}
