import { Readable } from 'node:stream';
import { encodeTarHeader, padTar, TAR_END } from './tar-header.ts';

/** One thing in a tree, as it goes into a tar. Paths are relative, `/`-separated, without a last slash. */
export type TreeEntry =
  | { kind: 'folder'; path: string }
  | { kind: 'link'; path: string; target: string }
  | {
      kind: 'file';
      path: string;
      mode: number;
      /** Seconds since epoch. */
      mtime: number;
      bytes: number;
      /** Exactly `bytes` of them. */
      content: () => AsyncIterable<Uint8Array>;
    };

/** Small pieces (headers, small files) are handed on together. */
const GATHER_BYTES = 16 * 1024;

/**
 * The entries as a tar stream, read as fast as it is read; an error of theirs destroys it. With `from` the first bytes
 * are left out, and no content is read that lies in front of it. Encoded here, as the usual library's writer costs two
 * streams and 2 ms a file.
 */
export function writeTar(entries: AsyncIterable<TreeEntry>, from = 0): Readable {
  return Readable.from(gather(encodeEntries(entries, from)), { objectMode: false, highWaterMark: GATHER_BYTES });
}

/** How long the tar of the entries is, without reading any content. */
export async function measureTar(entries: AsyncIterable<TreeEntry>): Promise<number> {
  let size = TAR_END.length;
  for await (const entry of entries) {
    const bytes = entry.kind === 'file' ? entry.bytes : 0;
    size += encodeHead(entry).length + bytes + padTar(bytes).length;
  }
  return size;
}

async function* encodeEntries(entries: AsyncIterable<TreeEntry>, from: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  /** What of a piece at the present place is wanted. */
  const cut = (piece: Uint8Array) => {
    const wanted = piece.subarray(Math.min(Math.max(from - at, 0), piece.length));
    at += piece.length;
    return wanted;
  };
  for await (const entry of entries) {
    yield cut(encodeHead(entry));
    if (entry.kind !== 'file') continue;
    if (at + entry.bytes <= from) at += entry.bytes;
    else for await (const part of readContent(entry)) yield cut(part);
    yield cut(padTar(entry.bytes));
  }
  yield cut(TAR_END);
}

function encodeHead(entry: TreeEntry): Buffer {
  const { path } = entry;
  switch (entry.kind) {
    case 'folder':
      return encodeTarHeader({ name: `${path}/`, kind: 'folder', mode: 0o755, mtime: 0, bytes: 0, target: '' });
    case 'link':
      return encodeTarHeader({ name: path, kind: 'link', mode: 0o777, mtime: 0, bytes: 0, target: entry.target });
    case 'file': {
      const { mode, mtime, bytes } = entry;
      return encodeTarHeader({ name: path, kind: 'file', mode, mtime, bytes, target: '' });
    }
    default:
      return entry satisfies never;
  }
}

async function* readContent({
  path,
  bytes,
  content,
}: Extract<TreeEntry, { kind: 'file' }>): AsyncGenerator<Uint8Array> {
  let written = 0;
  for await (const part of content()) {
    written += part.length;
    yield part;
  }
  if (written !== bytes) throw new Error(`${path} gave ${written} bytes instead of ${bytes}`);
}

async function* gather(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    if (size + piece.length >= GATHER_BYTES) {
      if (size > 0) yield Buffer.concat(held);
      [held, size] = [[], 0];
    }
    if (piece.length >= GATHER_BYTES) {
      yield piece;
      continue;
    }
    held.push(piece);
    size += piece.length;
  }
  yield Buffer.concat(held);
}
