import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { normalizePath } from '#store/archive/check-path.ts';

export interface CollectedFile {
  name: string;
  bytes: number;
  /** What is not read of it before the next file is asked for is skipped; null for a second name of a file before. */
  content: AsyncIterable<Uint8Array> | null;
}

/**
 * The files of a tar that an executor collected, whatever tool wrote it: with long names (GNU's and pax) and hard
 * links. Folders, symbolic links and what else there is are passed over.
 */
export async function* readFiles(tar: Readable): AsyncGenerator<CollectedFile> {
  const archive = extract();
  const feeding = pipeline(tar, archive);
  feeding.catch(() => {});
  for await (const entry of archive) {
    const { type, name, size } = entry.header;
    const pieces = entry[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    // Without a `return`, which would end the whole archive with a reader that has enough.
    const content = { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
    if (type === 'link') yield { name: normalizePath(name), bytes: 0, content: null };
    else if (type === 'file' || type === 'contiguous-file')
      yield { name: normalizePath(name), bytes: size ?? 0, content };
    while (!(await pieces.next()).done);
  }
  await feeding;
}
