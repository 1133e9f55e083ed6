import type { ObjectStore } from '../object/port.ts';
import { freeMemory } from './free-memory.ts';
import { type Chunk, chunkKey, corruptArtifact, digestOf } from './manifest.ts';

export interface ChunkReader {
  /** Bytes `[at, at + bytes)` of the sequence; every chunk is verified before any byte of it is given. */
  read(at: number, bytes: number): AsyncIterable<Uint8Array>;
}

/**
 * Bytes that are given at once. Each piece is a copy, so that the chunk itself can be freed with its last one, by us; V8
 * collects small ones sooner.
 */
const PIECE_BYTES = 16 * 1024;

/** Reads a sequence of chunks; keeps the last one, as small files share it. */
export function openChunkReader(objects: ObjectStore, chunks: readonly Chunk[]): ChunkReader {
  const starts: number[] = [];
  let total = 0;
  for (const chunk of chunks) {
    starts.push(total);
    total += chunk.bytes;
  }
  let held: { index: number; bytes: Uint8Array } | null = null;

  async function load(index: number): Promise<Uint8Array> {
    if (held?.index === index) return held.bytes;
    const chunk = chunks[index];
    if (!chunk) throw corruptArtifact('its manifest names fewer chunks than its files need');
    const bytes = await objects.get(chunkKey(chunk.digest));
    if (bytes === null) throw corruptArtifact(`chunk ${chunk.digest} is gone`);
    if (digestOf(bytes) !== chunk.digest) throw corruptArtifact(`chunk ${chunk.digest} has other content`);
    if (held) freeMemory(held.bytes);
    held = { index, bytes };
    return bytes;
  }

  return {
    async *read(at, bytes) {
      let index = findLast(starts, at);
      for (let position = at; position < at + bytes; index++) {
        const chunk = await load(index);
        const start = starts[index] ?? 0;
        const part = chunk.subarray(position - start, at + bytes - start);
        for (let from = 0; from < part.length; from += PIECE_BYTES) {
          yield Uint8Array.prototype.slice.call(part, from, from + PIECE_BYTES);
        }
        position += part.length;
      }
    },
  };
}

/** Index of the last start that is not above `at`, by halving. */
function findLast(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
