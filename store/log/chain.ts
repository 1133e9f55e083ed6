import { parseSegmentName, parseTakeoverName, type SegmentName, type TakeoverName } from './segment-name.ts';

/** The part of a segment that belongs to the log. */
export interface Link {
  /** Last part of the object's key. */
  key: string;
  segment: SegmentName;
  /** Flushes of it that count, both included. */
  from: number;
  to: number;
  /** Stored bytes `[byte, byteEnd)` of the log. */
  byte: number;
  byteEnd: number;
  line: number;
  lineEnd: number;
}

export interface Chain {
  /** Without holes from the log's first byte on. */
  links: Link[];
  /** Every writer there was, the latest last. */
  takeovers: TakeoverName[];
  /** True when segments lie behind a hole: the listing was taken while some were merged. */
  hasHole: boolean;
}

/** Where a chain ends. */
export interface ChainEnd {
  seq: number;
  byte: number;
  line: number;
}

/**
 * Puts a log together from the names in its folder. A segment counts up to where a later
 * writer took over; where several hold the same flushes (merged, and not yet removed) the
 * one that reaches furthest is taken. Pure, so that reader and writer see the same log.
 */
export function buildChain(names: readonly string[]): Chain {
  const takeovers = names.map(parseTakeoverName).filter((name) => name !== null);
  takeovers.sort((left, right) => (left.writer < right.writer ? -1 : 1));
  const parts: Link[] = [];
  for (const key of names) {
    const segment = parseSegmentName(key);
    if (segment) parts.push(limitTo(segment, key, findLimit(takeovers, segment.writer)));
  }
  parts.sort((left, right) => left.from - right.from);

  const links: Link[] = [];
  let end: ChainEnd = { seq: 0, byte: 0, line: 0 };
  let next = 0;
  let best: Link | null = null;
  for (;;) {
    for (let part = parts[next]; part && part.from <= end.seq; part = parts[++next]) {
      if (part.to >= end.seq && part.to > (best?.to ?? -1)) best = part;
    }
    if (!best || best.to < end.seq) break;
    links.push({ ...best, from: end.seq, byte: end.byte, line: end.line });
    end = { seq: best.to + 1, byte: best.byteEnd, line: best.lineEnd };
  }
  return { links, takeovers, hasHole: next < parts.length };
}

export function endOfChain(links: readonly Link[]): ChainEnd {
  const last = links.at(-1);
  return last ? { seq: last.to + 1, byte: last.byteEnd, line: last.lineEnd } : { seq: 0, byte: 0, line: 0 };
}

/** The earliest take-over by a later writer. */
function findLimit(takeovers: readonly TakeoverName[], writer: string): TakeoverName | null {
  let limit: TakeoverName | null = null;
  for (const takeover of takeovers) {
    if (takeover.writer > writer && (limit === null || takeover.from < limit.from)) limit = takeover;
  }
  return limit;
}

function limitTo(segment: SegmentName, key: string, limit: TakeoverName | null): Link {
  const { first, last, byte, byteEnd, line, lineEnd } = segment;
  const link = { key, segment, from: first, to: last, byte, byteEnd, line, lineEnd };
  if (limit === null || limit.from > last) return link;
  return { ...link, to: limit.from - 1, byteEnd: limit.byte, lineEnd: limit.line };
}
