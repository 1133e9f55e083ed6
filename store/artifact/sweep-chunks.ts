import { readCautiousTime } from '../host-clock.ts';
import type { ObjectStore } from '../object/port.ts';
import { LOOKED, type SweepOptions, type SweepWalk } from '../swept.ts';
import { type ArtifactManifest, chunkKey } from './manifest.ts';

/**
 * Removes the chunks of artifacts that no manifest names. Safe beside writers and readers: a writer touches what it
 * relies on, and who removes a manifest touches its chunks (`removeArtifact`), so that one who reads it goes on for the
 * grace. All chunks are listed before the first manifest is read: what came meanwhile is young. Holds the digests of the chunks
 * that were old.
 */
export async function* sweepChunks(objects: ObjectStore, { graceMs, isDry }: SweepOptions): SweepWalk {
  const youngest = readCautiousTime() - graceMs;
  const loose = new Set<string>();
  for (const folder of await objects.listFolders('chunks/')) {
    for (const key of await objects.list(`chunks/${folder}/`)) {
      if (((await objects.stat(key))?.changedAt ?? Infinity) < youngest) loose.add(key);
      yield LOOKED;
    }
  }
  for (const folder of loose.size > 0 ? await objects.listFolders('artifacts/') : []) {
    for (const key of await objects.list(`artifacts/${folder}/`)) {
      const chunks = await readChunks(objects, key);
      // It may name any: nothing goes until it has gone with its run, or is mended.
      if (chunks === null) throw new Error(`the manifest ${key} cannot be read`);
      for (const { digest } of chunks) loose.delete(chunkKey(digest));
      yield LOOKED;
    }
  }
  for (const key of loose) {
    const facts = await objects.stat(key);
    // Somebody has found it meanwhile.
    if (!facts || facts.changedAt >= youngest) continue;
    if (!isDry) await objects.remove(key);
    yield { kind: 'swept', swept: { count: 1, bytes: facts.bytes, oldestAt: facts.changedAt } };
  }
}

/**
 * Takes an artifact away: from then on there is none, and what its chunks held goes with the next sweep that nobody's
 * grace is against. Absent is fine.
 * @param key of its manifest
 */
export async function removeArtifact(objects: ObjectStore, key: string): Promise<void> {
  for (const { digest } of (await readChunks(objects, key)) ?? []) await objects.touch(chunkKey(digest));
  await objects.remove(key);
}

/** None where the manifest is gone; null of one that is none, which nobody can be reading. */
async function readChunks(objects: ObjectStore, key: string): Promise<ArtifactManifest['chunks'] | null> {
  const bytes = await objects.get(key);
  if (bytes === null) return [];
  try {
    return (JSON.parse(Buffer.from(bytes).toString()) as Partial<ArtifactManifest> | null)?.chunks ?? null;
  } catch {
    return null;
  }
}
