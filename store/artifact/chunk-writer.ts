import { FaultError } from '#core/fault.ts';
import type { ObjectStore } from '../object/port.ts';
import { type Chunk, chunkKey, digestOf } from './manifest.ts';

export const CHUNK_BYTES = 4 * 1024 * 1024;

/** Chunks of a tree that takes longer are touched again: until its manifest is there nothing else keeps them from being swept. */
const REFRESH_MS = 10 * 60_000;

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

/**
 * Cuts a sequence of bytes into chunks and puts those the store has not. Holds two chunks in memory. What it has found
 * there it touches, so that a sweep leaves it (sweep-chunks.ts).
 */
export function openChunkWriter(objects: ObjectStore, now: () => number = Date.now): ChunkWriter {
  const chunks: Chunk[] = [];
  /** Found, not put. */
  const reused = new Set<string>();
  let refreshedAt = now();
  // One is filled while the other is stored: fresh ones would pile up until they are collected.
  let open = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let other = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let filled = 0;
  let total = 0;
  let storing: Promise<void> = Promise.resolve();

  async function store(digest: string, bytes: Uint8Array): Promise<void> {
    if (await objects.touch(chunkKey(digest))) reused.add(digest);
    else await objects.put(chunkKey(digest), bytes);
  }

  async function refresh(digests: Iterable<string>): Promise<void> {
    for (const digest of digests) {
      if (!(await objects.touch(chunkKey(digest)))) throw createSwept(digest);
    }
  }

  /** All that are stored so far. */
  async function refreshOld(): Promise<void> {
    if (now() - refreshedAt < REFRESH_MS) return;
    refreshedAt = now();
    await refresh(new Set(chunks.map(({ digest }) => digest)));
  }

  async function seal(): Promise<void> {
    if (filled === 0) return;
    const bytes = open.subarray(0, filled);
    const digest = digestOf(bytes);
    // Its failure shows here, one chunk later.
    await storing;
    await refreshOld();
    chunks.push({ digest, bytes: filled });
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
      await refreshOld();
      // One may have been looked at by a sweep a moment before it was found.
      await refresh(reused);
      return chunks;
    },
  };
}

function createSwept(digest: string): FaultError {
  return new FaultError({
    code: 'store-failed',
    message: 'Could not store a tree of files',
    cause: `chunk ${digest} was removed while it was being saved`,
    retry: { kind: 'yes', afterMs: 1_000 },
  });
}
