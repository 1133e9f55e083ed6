import type { Segment } from './segment.ts';

/** Segments never change, so the last ones read are kept, up to this many bytes. */
const CACHE_BYTES = 32 * 1024 * 1024;

/** What an empty segment weighs. */
const SEGMENT_BYTES = 1024;

export interface SegmentCache {
  get(key: string): Segment | null;
  put(key: string, segment: Segment): void;
}

/** The least recently used go first. */
export function openSegmentCache(): SegmentCache {
  const held = new Map<string, Segment>();
  let size = 0;
  const weigh = ({ head, payload }: Segment) => SEGMENT_BYTES + payload.length + head.times.length * 8;
  return {
    get(key) {
      const segment = held.get(key);
      if (!segment) return null;
      held.delete(key);
      held.set(key, segment);
      return segment;
    },
    put(key, segment) {
      if (held.has(key)) return;
      held.set(key, segment);
      size += weigh(segment);
      for (const [oldest, old] of held) {
        if (size <= CACHE_BYTES || oldest === key) break;
        held.delete(oldest);
        size -= weigh(old);
      }
    },
  };
}
