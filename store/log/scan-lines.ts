import { LOOKS, type LogReader, type LogView } from './open-log-reader.ts';
import type { LogPiece } from './port.ts';
import { findTime, ROW_BYTES } from './rows.ts';
import { damagedLog } from './segment.ts';

const LINE_FEED = 0x0a;

/** The lines of a log, segment by segment. A line that reaches over several comes whole with the one that ends it. */
export async function* scanLines(reader: LogReader, folder: string): AsyncGenerator<LogPiece> {
  const carry = openCarry();
  let done: Place = { byte: 0, line: 0 };
  for (let look = 1; look <= LOOKS; look++) {
    const view = await reader.view(folder);
    const end = yield* scanFrom(reader, view, done, carry);
    if (end.isWhole) {
      const rest = carry.take();
      if (rest) yield rest;
      return;
    }
    // Merged meanwhile: the same bytes stand in another segment now.
    if (end.place.byte > done.byte) look = 1;
    done = end.place;
  }
  throw damagedLog(folder);
}

/** Bytes and line feeds in front. */
interface Place {
  byte: number;
  line: number;
}

async function* scanFrom(
  reader: LogReader,
  view: LogView,
  from: Place,
  carry: Carry,
): AsyncGenerator<LogPiece, { isWhole: boolean; place: Place }> {
  let place = from;
  for (const link of view.links) {
    if (link.byteEnd <= place.byte) continue;
    const segment = await reader.load(view, link);
    if (!segment) return { isWhole: false, place };
    const payload = segment.payload.subarray(place.byte - link.byte);
    const first = place.line + 1;
    const timeOf = (line: number) => findTime(segment.head.times, line - 1);
    place = { byte: link.byteEnd, line: link.lineEnd };
    const firstFeed = payload.indexOf(LINE_FEED);
    if (firstFeed === -1) {
      carry.add(payload, first, timeOf);
      continue;
    }
    carry.add(payload.subarray(0, firstFeed + 1), first, timeOf);
    const broken = carry.take();
    if (broken) yield broken;
    const lastFeed = payload.lastIndexOf(LINE_FEED);
    if (lastFeed > firstFeed) yield { line: first + 1, bytes: payload.subarray(firstFeed + 1, lastFeed + 1), timeOf };
    if (lastFeed + 1 < payload.length) carry.add(payload.subarray(lastFeed + 1), place.line + 1, timeOf);
  }
  return { isWhole: true, place };
}

/** The line whose end has not come. */
interface Carry {
  add(bytes: Uint8Array, line: number, timeOf: (line: number) => number): void;
  take(): LogPiece | null;
}

function openCarry(): Carry {
  let parts: Uint8Array[] = [];
  let size = 0;
  let begin: { line: number; t: number } | null = null;
  return {
    add(bytes, line, timeOf) {
      begin ??= { line, t: timeOf(line) };
      const part = bytes.subarray(0, ROW_BYTES - size);
      if (part.length > 0) parts.push(part);
      size += part.length;
    },
    take() {
      if (!begin) return null;
      const { line, t } = begin;
      const piece = { line, bytes: Buffer.concat(parts), timeOf: () => t };
      parts = [];
      [size, begin] = [0, null];
      return piece;
    },
  };
}
