/**
 * All that finds a segment stands in its name, so that one listing of a log's folder is
 * enough to know where each byte and line is.
 */
export interface SegmentName {
  /** Who wrote it: sorts by who came later. */
  writer: string;
  /** Flushes it holds, both included; counted from 0 through the whole log. */
  first: number;
  last: number;
  /** Stored bytes `[byte, byteEnd)`. */
  byte: number;
  byteEnd: number;
  /** Line feeds in front of its first byte, and in front of its end. */
  line: number;
  lineEnd: number;
}

/** The mark a writer leaves when it takes over: what earlier writers have from here on is void. */
export interface TakeoverName {
  writer: string;
  /** The first flush that is this writer's. */
  from: number;
  byte: number;
  line: number;
}

export const MANIFEST_NAME = 'manifest';

const SEGMENT = /^(\d{6}-[0-9a-f]+)_(\d+)-(\d+)_(\d+)-(\d+)_(\d+)-(\d+)$/;
const TAKEOVER = /^(\d{6}-[0-9a-f]+)_at_(\d+)_(\d+)_(\d+)$/;

export function formatSegmentName(name: SegmentName): string {
  const { writer, first, last, byte, byteEnd, line, lineEnd } = name;
  return `${writer}_${first}-${last}_${byte}-${byteEnd}_${line}-${lineEnd}`;
}

export function parseSegmentName(text: string): SegmentName | null {
  const match = SEGMENT.exec(text);
  if (!match) return null;
  const [first = 0, last = 0, byte = 0, byteEnd = 0, line = 0, lineEnd = 0] = match.slice(2).map(Number);
  return { writer: match[1] ?? '', first, last, byte, byteEnd, line, lineEnd };
}

export function formatTakeoverName({ writer, from, byte, line }: TakeoverName): string {
  return `${writer}_at_${from}_${byte}_${line}`;
}

export function parseTakeoverName(text: string): TakeoverName | null {
  const match = TAKEOVER.exec(text);
  if (!match) return null;
  const [from = 0, byte = 0, line = 0] = match.slice(2).map(Number);
  return { writer: match[1] ?? '', from, byte, line };
}

/** Name of a writer that comes after all of `earlier`. `token` keeps two apart that come at once. */
export function nextWriter(earlier: readonly string[], token: string): string {
  const epochs = earlier.map((writer) => Number.parseInt(writer, 10));
  return `${String(Math.max(0, ...epochs) + 1).padStart(6, '0')}-${token}`;
}
