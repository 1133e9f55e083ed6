import { decodeText } from './decode-text.ts';
import type { KnownGap } from './index-so-far.ts';
import type { LogRow } from './port.ts';

/** Text of one row; what is longer is left out and said so. */
export const ROW_BYTES = 64 * 1024;

const ANSWER_BYTES = 256 * 1024;

/** Gathers rows from the bytes of consecutive lines. */
export interface Rows {
  readonly isFull: boolean;
  /** The rest of the present line is left out anyhow. */
  readonly isSkipping: boolean;
  /** More of the present line, without its line feed. */
  add(bytes: Uint8Array, place: LinePlace): void;
  skip(bytes: number): void;
  endLine(): void;
  /** All rows; a last line without line feed is partial while the log goes on. */
  end(isEnded: boolean): LogRow[];
}

export interface LinePlace {
  /** Offset of the bytes in the stored log. */
  byte: number;
  /** Those of the segment the bytes stand in. */
  times: readonly number[];
}

/** Rows from the line with `first` line feeds in front of it. */
export function openRows(first: number, limit: number, gaps: readonly KnownGap[]): Rows {
  const rows: LogRow[] = [];
  let [line, count, size] = [first, 0, 0];
  let nextGap = gaps.findIndex((gap) => gap.line >= first);
  if (nextGap === -1) nextGap = gaps.length;
  let parts: Uint8Array[] = [];
  let [kept, cut, t, begin] = [0, 0, 0, 0];
  let hasBegun = false;

  function pushGaps(): void {
    for (let gap = gaps[nextGap]; gap && gap.line <= line; gap = gaps[++nextGap]) {
      const { bytes, fromAt, toAt, cause } = gap;
      rows.push({ gap: { bytes, fromAt, toAt, cause } });
    }
  }

  function pushLine(isPartial: boolean): void {
    const bytes = Buffer.concat(parts);
    const whole = cut > 0 ? bytes.subarray(0, findCharacterEnd(bytes)) : bytes;
    const left = cut + bytes.length - whole.length;
    const row = { n: line + 1, t, text: decodeText(whole), byte: begin };
    rows.push({ ...row, ...(isPartial && { partial: true as const }), ...(left > 0 && { cut: left }) });
    size += whole.length;
    count++;
    parts = [];
    [kept, cut, hasBegun] = [0, 0, false];
  }

  return {
    get isFull() {
      return count >= limit || size >= ANSWER_BYTES;
    },
    get isSkipping() {
      return kept >= ROW_BYTES;
    },
    add(bytes, { byte, times }) {
      if (!hasBegun) [t, begin] = [findTime(times, line), byte];
      hasBegun = true;
      const part = bytes.subarray(0, ROW_BYTES - kept);
      parts.push(part);
      kept += part.length;
      cut += bytes.length - part.length;
    },
    skip(bytes) {
      cut += bytes;
    },
    endLine() {
      pushGaps();
      pushLine(false);
      line++;
    },
    end(isEnded) {
      if (count < limit && size < ANSWER_BYTES) {
        if (isEnded) pushGaps();
        if (hasBegun) pushLine(!isEnded);
      }
      return rows;
    },
  };
}

/** When a line began: the last entry that is not behind it, by halving. */
export function findTime(times: readonly number[], line: number): number {
  let [low, high] = [0, times.length / 2 - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((times[middle * 2] ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return times[low * 2 + 1] ?? 0;
}

/** Where the last whole UTF-8 character of bytes that were cut off ends. */
function findCharacterEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.length - back : bytes.length;
    if (byte < 0x80) break;
  }
  return bytes.length;
}
