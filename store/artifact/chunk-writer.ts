import type { ObjectStore } from '../object/port.ts';
import { type Chunk, chunkKey, digestOf } from './manifest.ts';

export const CHUNK_BYTES = 4 * 1024 * 1024;

/** A file this large begins a chunk of its own, so that the same file elsewhere is the same chunks. */
export const OWN_CHUNK_BYTES = 1024 * 1024;

export interface ChunkWriter {
  /** Bytes taken so far. */
  readonly at: number;
  append(bytes: Uint8Array): Promise<void>;
  /** The next byte begins a chunk. */
  cut(): Promise<void>;
  /** Resolves when all chunks are stored. */
  end(): Promise<Chunk[]>;
}

/** Cuts a sequence of bytes into chunks and puts those the store has not. Holds two chunks in memory. */
export function openChunkWriter(objects: ObjectStore): ChunkWriter {
  const chunks: Chunk[] = [];
  // One is filled while the other is stored: fresh ones would pile up until they are collected.
  let open = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let other = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let filled = 0;
  let total = 0;
  let storing: Promise<void> = Promise.resolve();

  async function store(digest: string, bytes: Uint8Array): Promise<void> {
    if (!(await objects.has(chunkKey(digest)))) await objects.put(chunkKey(digest), bytes);
  }

  async function seal(): Promise<void> {
    if (filled === 0) return;
    const bytes = open.subarray(0, filled);
    const digest = digestOf(bytes);
    chunks.push({ digest, bytes: filled });
    // Its failure shows here, one chunk later.
    await storing;
    storing = store(digest, bytes);
    storing.catch(() => {});
    [open, other] = [other, open];
    filled = 0;
  }

  return {
    get at() {
      return total;
    },
    async append(bytes) {
      for (let taken = 0; taken < bytes.length;) {
        const part = bytes.subarray(taken, taken + CHUNK_BYTES - filled);
        open.set(part, filled);
        filled += part.length;
        taken += part.length;
        total += part.length;
        if (filled === CHUNK_BYTES) await seal();
      }
    },
    cut: seal,
    async end() {
      await seal();
      await storing;
      return chunks;
    },
  };
}
