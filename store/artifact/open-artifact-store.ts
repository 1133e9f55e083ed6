import type { ArtifactReference } from '#core/attempt.ts';
import { measureTar, type TreeEntry, writeTar } from '../archive/write-tar.ts';
import type { ObjectStore } from '../object/port.ts';
import { openChunkWriter } from './chunk-writer.ts';
import { listTree } from './list-tree.ts';
import { type ArtifactManifest, manifestKey, openManifest, referTo } from './manifest.ts';
import type { ArtifactFile, ArtifactStore } from './port.ts';
import { readTree } from './read-tree.ts';

/** Artifacts in an object store: `artifacts/…` holds manifests, `chunks/…` what they are made of. */
export function openArtifactStore(options: { objects: ObjectStore }): ArtifactStore {
  const { objects } = options;

  async function load(reference: ArtifactReference): Promise<ArtifactManifest> {
    return openManifest(reference.manifest, await objects.get(reference.manifest.key));
  }

  async function* walk(reference: ArtifactReference): AsyncGenerator<TreeEntry> {
    yield* listTree(objects, await load(reference));
  }

  return {
    async save(key, tar) {
      const saved = await objects.get(manifestKey(key));
      if (saved) {
        tar.on('error', () => {});
        tar.destroy();
        return referTo(key, saved);
      }
      const chunks = openChunkWriter(objects);
      const entries = await readTree(tar, chunks);
      const manifest: ArtifactManifest = { version: 1, entries, chunks: await chunks.end() };
      const bytes = Buffer.from(JSON.stringify(manifest));
      await objects.put(manifestKey(key), bytes);
      return referTo(key, bytes);
    },
    load: (reference, from = 0) => writeTar(walk(reference), from),
    measure: (reference) => measureTar(walk(reference)),
    async list(reference) {
      const { entries } = await load(reference);
      return entries.map((entry): ArtifactFile => {
        switch (entry.kind) {
          case 'file':
            return { path: entry.path, bytes: entry.bytes, mode: entry.mode, digest: entry.digest, link: null };
          case 'link':
            return { path: entry.path, bytes: 0, mode: 0o777, digest: null, link: entry.target };
          case 'folder':
            return { path: entry.path, bytes: 0, mode: 0o755, digest: null, link: null };
          default:
            return entry satisfies never;
        }
      });
    },
  };
}
