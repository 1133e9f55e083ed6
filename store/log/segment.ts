import { crc32 } from 'node:zlib';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Arena } from './arena.ts';
import type { IndexSoFar, LogEvent } from './index-so-far.ts';

/** What stands in front of a segment's bytes. Positions count from the log's beginning. */
export interface SegmentHead {
  /** State behind the segment's last byte. */
  after: ResumePoint;
  /** `line, t, line, t, …`: lines (line feeds in front of them) from there on began at t, ms since the attempt began. */
  times: number[];
  events: LogEvent[];
  /** In merged segments: the log's index in front of it. */
  before?: IndexSoFar;
}

/** Where a later writer goes on. */
export interface ResumePoint {
  /** Bytes of the executor's stream that are stored completely. */
  raw: number;
  /** Bytes behind `raw` that are stored as well: dropped when they come again. */
  skip: number;
  /** The last stored byte is not a line feed. */
  isMidLine: boolean;
  /** When the last byte came, ms since the attempt began. */
  t: number;
}

export interface Segment {
  head: SegmentHead;
  payload: Uint8Array;
}

const MAGIC = 0x42494c31; // BIL1
const FRAME_BYTES = 16;

/**
 * The bytes to store: magic, length of the head, length of the payload, CRC-32 of both, then
 * head (JSON) and payload. The segment's payload is a part of them, so that it is in memory once.
 */
export function encodeSegment(
  head: SegmentHead,
  parts: readonly Uint8Array[],
  arena: Arena,
): { bytes: Buffer; segment: Segment } {
  const text = Buffer.from(JSON.stringify(head));
  const payloadAt = FRAME_BYTES + text.length;
  const bytes = arena.allocate(parts.reduce((sum, part) => sum + part.length, payloadAt));
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(text.length, 4);
  bytes.writeUInt32BE(bytes.length - payloadAt, 8);
  bytes.set(text, FRAME_BYTES);
  let end = payloadAt;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  bytes.writeUInt32BE(crc32(bytes.subarray(FRAME_BYTES)), 12);
  return { bytes, segment: { head, payload: bytes.subarray(payloadAt) } };
}

/** Null for what is cut off or damaged (a machine that lost power). */
export function decodeSegment(stored: Uint8Array): Segment | null {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (bytes.length < FRAME_BYTES || bytes.readUInt32BE(0) !== MAGIC) return null;
  const payloadAt = FRAME_BYTES + bytes.readUInt32BE(4);
  if (bytes.length !== payloadAt + bytes.readUInt32BE(8)) return null;
  if (crc32(bytes.subarray(FRAME_BYTES)) !== bytes.readUInt32BE(12)) return null;
  const head = JSON.parse(bytes.subarray(FRAME_BYTES, payloadAt).toString()) as SegmentHead;
  return { head, payload: bytes.subarray(payloadAt) };
}

export function damagedLog(key: string): FaultError {
  return new FaultError({
    code: 'log-damaged',
    message: 'A part of a log is damaged in the store',
    cause: `${key} is cut off or has other content than was written`,
    fix: 'Check the disk of the data folder',
    retry: NO_RETRY,
  });
}
