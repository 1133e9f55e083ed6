import { buffer } from 'node:stream/consumers';
import { LIMITS } from '#config/pipeline/guard.ts';
import type { ImportReader } from '#config/pipeline/reuse/import-reader.ts';
import { LOCK_NAME } from '#config/pipeline/reuse/lock-file.ts';
import { readTree, refuse } from '#config/pipeline/reuse/read-tree.ts';
import { decodeManifest } from '#store/snapshot/manifest.ts';
import type { SnapshotTransfer } from '#store/snapshot/transfer.ts';

/** What is read of a tree, far above what the pipelines of one repository are. */
const MAX_FILES = 500;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * What a file of a snapshot may import: the other pipeline files of that snapshot. They are read before, since compiling
 * waits for nothing; a file that imports nothing costs nothing.
 */
export async function readSnapshotImports(
  transfer: SnapshotTransfer,
  snapshot: { digest: string },
  text: string,
): Promise<ImportReader> {
  const texts = new Map<string, string>();
  if (/\bimport\b/.test(text)) {
    const { entries } = decodeManifest(await transfer.readManifest(snapshot));
    const wanted = entries.filter((entry) => entry.kind === 'file').filter(isImportable);
    let total = 0;
    for (const { path, digest, bytes } of wanted.slice(0, MAX_FILES)) {
      total += bytes;
      if (total > MAX_BYTES) break;
      texts.set(path, (await buffer(transfer.readContent(digest))).toString());
    }
  }
  return readTree({
    readText: (path) =>
      texts.get(path) ??
      refuse(
        `the snapshot of the folder has no file "${path}"`,
        'is it ignored by git? Of a tree with very many pipeline files not all are read',
      ),
    nameOf: (path) => path,
    pathOf: (name) => name,
  });
}

function isImportable({ path, bytes }: { path: string; bytes: number }): boolean {
  return (path.endsWith('.kdl') || path === LOCK_NAME) && bytes <= LIMITS.bytes;
}
