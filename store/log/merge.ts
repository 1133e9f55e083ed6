import type { Link } from './chain.ts';
import type { IndexSoFar, LogEvent } from './index-so-far.ts';
import type { Segment, SegmentHead } from './segment.ts';

/** A segment in the store with its content at hand, already cut to what its link says. */
export interface StoredSegment extends Segment {
  link: Link;
}

/** Segments of one size that become the next size. 64 flushes of 64 KiB make one of full size. */
const FAN = 64;

export const FULL_BYTES = 4 * 1024 * 1024;

/** An entry of `times` in JSON. */
const TIME_BYTES = 8;

/** Large enough to stay as it is. */
export function isFull(segments: readonly Segment[]): boolean {
  const weights = segments.map(({ head, payload }) => payload.length + head.times.length * TIME_BYTES);
  return weights.reduce((sum, weight) => sum + weight, 0) >= FULL_BYTES;
}

/**
 * How many of the last segments to merge now: all when they are full together, else the
 * last 64 of one size. So a log written for days in tiny flushes has few segments, and each
 * byte is written three or four times at most.
 */
export function planMerge(tail: readonly StoredSegment[]): number {
  if (tail.length > 1 && isFull(tail)) return tail.length;
  const size = sizeOf(tail.at(-1));
  const others = tail.findLastIndex((segment) => sizeOf(segment) !== size);
  const alike = tail.length - 1 - others;
  return alike >= FAN ? alike : 0;
}

/** The head of one segment that holds what the parts hold; `before` is the log's index in front of them. */
export function mergeHeads(parts: readonly StoredSegment[], before: IndexSoFar): SegmentHead {
  const last = parts.at(-1);
  if (!last) throw new Error('there is nothing to merge');
  const times: number[] = [];
  for (const { head } of parts) for (const time of head.times) times.push(time);
  return { after: last.head.after, times, events: parts.flatMap(({ head }) => head.events), before };
}

/** The part of a stored segment that its link says is the log's. */
export function cutSegment(link: Link, { head, payload }: Segment): StoredSegment {
  const { segment } = link;
  const isWhole = link.from === segment.first && link.to === segment.last;
  if (isWhole) return { link, head, payload };
  const times: number[] = [];
  for (let index = 0; index + 1 < head.times.length; index += 2) {
    const [line = 0, t = 0] = head.times.slice(index, index + 2);
    if (line <= link.lineEnd) times.push(line, t);
  }
  const isIn = ({ seq }: LogEvent) => seq >= link.from && seq <= link.to;
  const bytes = payload.subarray(link.byte - segment.byte, link.byteEnd - segment.byte);
  return { link, head: { ...head, times, events: head.events.filter(isIn) }, payload: bytes };
}

/** 0 for one flush, 1 from 64 on, 2 from 4,096 on. */
function sizeOf(segment: StoredSegment | undefined): number {
  if (!segment) return 0;
  return Math.floor(Math.log(segment.link.to - segment.link.from + 1) / Math.log(FAN) + 1e-9);
}
