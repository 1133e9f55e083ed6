import type { TreeEntry } from '../archive/write-tar.ts';
import type { ObjectStore } from '../object/port.ts';
import { openChunkReader } from './chunk-reader.ts';
import type { ArtifactManifest, ManifestEntry } from './manifest.ts';

/**
 * The entries of a saved tree for a tar: folders, then files in the order of their bytes, so that each chunk is read and
 * verified once, then links. Every chunk is verified before any byte of it is given.
 */
export function* listTree(objects: ObjectStore, manifest: ArtifactManifest): Generator<TreeEntry> {
  const reader = openChunkReader(objects, manifest.chunks);
  for (const entry of manifest.entries.toSorted((left, right) => placeOf(left) - placeOf(right))) {
    if (entry.kind === 'file') yield { ...entry, content: () => reader.read(entry.at, entry.bytes) };
    else yield entry;
  }
}

function placeOf(entry: ManifestEntry): number {
  switch (entry.kind) {
    case 'folder':
      return -1;
    case 'file':
      return entry.at;
    case 'link':
      return Number.MAX_SAFE_INTEGER;
    default:
      return entry satisfies never;
  }
}
