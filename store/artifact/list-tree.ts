import type { TreeEntry } from '../archive/write-tar.ts';
import type { ObjectStore } from '../object/port.ts';
import { openChunkReader } from './chunk-reader.ts';
import type { ArtifactManifest } from './manifest.ts';

/** The entries of a saved tree for a tar; every chunk is verified before any byte of it is given. */
export function* listTree(objects: ObjectStore, manifest: ArtifactManifest): Generator<TreeEntry> {
  const reader = openChunkReader(objects, manifest.chunks);
  for (const entry of manifest.entries) {
    if (entry.kind === 'file') yield { ...entry, content: () => reader.read(entry.at, entry.bytes) };
    else yield entry;
  }
}
