import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { LIMITS } from '#config/pipeline/guard.ts';
import { decodeManifest } from '#store/snapshot/manifest.ts';
import type { SnapshotTransfer } from '#store/snapshot/transfer.ts';
import type { RunSource } from '../executor/port.ts';

export interface ChildText {
  /** Path from the top of the source. */
  file: string;
  text: string;
}

/**
 * Where a run of a file finds the pipeline `name`: `name.kdl` beside its own file, else in `.buildit`; in the run's source,
 * as it was when the run began. Null when there is none.
 */
export async function readChildText(
  transfers: Pick<SnapshotTransfer, 'readManifest' | 'readContent'>,
  source: RunSource,
  parentFile: string,
  name: string,
): Promise<ChildText | null> {
  const files = [...new Set([posix.join(posix.dirname(parentFile), `${name}.kdl`), `.buildit/${name}.kdl`])];
  const inside = files.filter((file) => !file.startsWith('..') && !posix.isAbsolute(file));
  if (source.kind === 'in-place') {
    for (const file of inside) {
      const text = await readFile(join(source.folder, file), 'utf8').catch(() => null);
      if (text !== null) return { file, text };
    }
    return null;
  }
  const { entries } = decodeManifest(await transfers.readManifest(source.snapshot));
  for (const file of inside) {
    const entry = entries.find((one) => one.path === file);
    if (entry?.kind !== 'file' || entry.bytes > LIMITS.bytes) continue;
    return { file, text: (await buffer(transfers.readContent(entry.digest))).toString() };
  }
  return null;
}
