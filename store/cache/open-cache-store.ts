import type { ObjectReference } from '#core/attempt.ts';
import { writeTar } from '../archive/write-tar.ts';
import { openChunkWriter } from '../artifact/chunk-writer.ts';
import { listTree } from '../artifact/list-tree.ts';
import { type ArtifactManifest, digestOf, openManifest } from '../artifact/manifest.ts';
import { readTree } from '../artifact/read-tree.ts';
import type { ObjectStore } from '../object/port.ts';
import { within } from '../object/within.ts';
import type { CacheContent, CacheId, CacheStore } from './port.ts';

const ROOT = 'caches/';
const MANIFEST = 'manifest.json';
const SEGMENT = /^[a-z0-9-]{1,64}$/;

/**
 * Entries of caches in an object store. Each has its chunks for itself (`caches/RUN/NAME/chunks/…`): so removing one is
 * removing what lies below it, and can never take a chunk that another is about to refer to.
 */
export function openCacheStore(options: { objects: ObjectStore }): CacheStore {
  const { objects } = options;

  async function* walk(reference: ObjectReference) {
    const manifest = openManifest(reference, await objects.get(reference.key));
    yield* listTree(within(objects, reference.key.slice(0, -MANIFEST.length)), manifest);
  }

  return {
    async save(id, tar, roots) {
      const folder = folderOf(id);
      const saved = await objects.get(folder + MANIFEST);
      if (saved) {
        tar.on('error', () => {});
        tar.destroy();
        return describe(folder, saved, roots);
      }
      const chunks = openChunkWriter(within(objects, folder));
      const entries = await readTree(tar, chunks, { name: 'cache', links: 'anywhere' });
      const manifest: ArtifactManifest = { version: 1, entries, chunks: await chunks.end() };
      if (!entries.some((entry) => entry.kind !== 'folder')) return null;
      const bytes = Buffer.from(JSON.stringify(manifest));
      await objects.put(folder + MANIFEST, bytes);
      return describe(folder, bytes, roots);
    },
    load: (reference) => writeTar(walk(reference)),
    async remove(id) {
      const folder = folderOf(id);
      // First, so that what is half gone is nothing.
      await objects.remove(folder + MANIFEST);
      await objects.remove(folder);
    },
    async list() {
      const found: CacheId[] = [];
      for (const runId of await objects.listFolders(ROOT)) {
        for (const name of await objects.listFolders(`${ROOT}${runId}/`)) found.push({ runId, name });
      }
      return found;
    },
  };
}

/** Key of an entry's manifest: what its reference has. */
export function manifestKeyOf(id: CacheId): string {
  return folderOf(id) + MANIFEST;
}

/** The id that a reference was saved under. */
export function cacheIdOf(reference: Pick<ObjectReference, 'key'>): CacheId {
  const [, runId = '', name = ''] = reference.key.split('/');
  return { runId, name };
}

function folderOf({ runId, name }: CacheId): string {
  for (const segment of [runId, name]) if (!SEGMENT.test(segment)) throw new Error(`"${segment}" is no id of a cache`);
  return `${ROOT}${runId}/${name}/`;
}

function describe(folder: string, bytes: Uint8Array, roots: readonly string[]): CacheContent {
  const { entries } = JSON.parse(Buffer.from(bytes).toString()) as ArtifactManifest;
  const folders = roots.filter((root) =>
    entries.some(({ kind, path }) => path.startsWith(`${root}/`) || (kind === 'folder' && path === root)),
  );
  return {
    reference: { key: folder + MANIFEST, digest: digestOf(bytes), bytes: bytes.length, folders },
    files: entries.filter((entry) => entry.kind !== 'folder').length,
    bytes: entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0),
  };
}
