import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceRow } from '#db/schema/runs.ts';
import type { SnapshotStore } from '#store/snapshot/port.ts';

const taken = new WeakMap<SnapshotStore, Promise<SourceRow>>();

/** The source of runs without a repository: an empty folder, whose snapshot all of them share. */
export function takeEmptySource(snapshots: SnapshotStore): Promise<SourceRow> {
  const known = taken.get(snapshots);
  if (known) return known;
  const taking = take(snapshots);
  taken.set(snapshots, taking);
  // A disk that was full may have room the next time.
  taking.catch(() => taken.delete(snapshots));
  return taking;
}

async function take(snapshots: SnapshotStore): Promise<SourceRow> {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-empty-'));
  try {
    const { digest, files, bytes } = await snapshots.take(folder, { git: false });
    return { kind: 'copy', snapshot: { digest, files, bytes } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
