import type { StepMark } from '#store/log/port.ts';
import type { TOLD_FILES } from './exchange.ts';

/**
 * Marks that the wrapper script prints into the attempt's output, so that steps, exit codes, durations and outputs
 * reach us without a second channel: byte 0x1e, the attempt's nonce, a space, the body, a line feed. A mark may stand
 * in the middle of a line (output without a last newline) and is one write, so no program's output can split it.
 * Bodies (times are seconds with an optional fraction, of any monotonic clock):
 *
 * ```
 * begin · start STEP · end STEP EXIT BEGAN NOW · out TEXT 0x1e · big · secret-output · stages · summary · eof EXIT
 * ```
 */
export type Mark =
  | StepMark
  /** The very first bytes of any output. */
  | { kind: 'begin' }
  /** All of `$BUILDIT_OUTPUT`, without its last newlines. */
  | { kind: 'outputs'; text: string }
  /** `$BUILDIT_OUTPUT` does not fit into a mark: read it from the file. */
  | { kind: 'outputs-in-file' }
  /** Something was written to this file: read it from there. */
  | { kind: 'written'; file: (typeof TOLD_FILES)[number] }
  /** The wrapper came to its own end; what follows is nothing. */
  | { kind: 'eof'; exitCode: number };

export type MarkedOutput =
  | { kind: 'bytes'; bytes: Uint8Array; rawBytes: number }
  | { kind: 'mark'; mark: Mark; rawBytes: number };

export interface MarkParser {
  /** Splits the next piece of raw output. What may be the beginning of a mark is held back. */
  push(chunk: Uint8Array): MarkedOutput[];
  /** At the end of the stream: what was held back, as the plain output it is. */
  flush(): MarkedOutput[];
}

export const MARK_BYTE = 0x1e;
/** Longest body: outputs of the wrapper's limit plus slack. Something longer is the user's own text. */
const MAX_BODY_BYTES = 20_000;
const LINE_FEED = 0x0a;

/**
 * Separates marks from output, byte-exact for any chunking. The sum of all `rawBytes` equals the bytes pushed (after
 * `flush`), and every border between two pieces is a place where a fresh parser may begin.
 */
export function createMarkParser(nonce: string, titles: readonly string[]): MarkParser {
  const prefix = Buffer.from(`${String.fromCharCode(MARK_BYTE)}${nonce} `, 'latin1');
  let held: Buffer = Buffer.alloc(0);

  function readMark(body: string): Mark | null {
    const [word = '', ...rest] = body.split(' ');
    const step = Number(rest[0]);
    switch (word) {
      case 'begin':
        return { kind: 'begin' };
      case 'start':
        return { kind: 'step-start', step, title: titles[step - 1] ?? '' };
      case 'end': {
        const elapsed = Number(rest[3]) - Number(rest[2]);
        const durationMs = Number.isFinite(elapsed) && elapsed > 0 ? Math.round(elapsed * 1000) : 0;
        return { kind: 'step-end', step, exitCode: Number(rest[1]), durationMs };
      }
      case 'big':
        return { kind: 'outputs-in-file' };
      case 'secret-output':
      case 'stages':
      case 'summary':
        return { kind: 'written', file: word };
      case 'eof':
        return { kind: 'eof', exitCode: Number(rest[0]) };
      default:
        return null;
    }
  }

  /** The mark at `at` and its length, `partial` when more bytes are needed, null when it is none. */
  function takeMark(data: Buffer, at: number): { mark: Mark; length: number } | 'partial' | null {
    const bodyAt = at + prefix.length;
    const outputs = data.subarray(bodyAt, bodyAt + 4).toString('latin1');
    if (outputs === 'out ') {
      // The text may hold newlines, so it is closed by the mark byte instead.
      const end = data.indexOf(MARK_BYTE, bodyAt);
      if (end === -1 || end + 1 >= data.length) return data.length - bodyAt > MAX_BODY_BYTES ? null : 'partial';
      const text = data.subarray(bodyAt + 4, end).toString('utf8');
      return { mark: { kind: 'outputs', text }, length: end + 2 - at };
    }
    const end = data.indexOf(LINE_FEED, bodyAt);
    if (end === -1) return data.length - bodyAt > MAX_BODY_BYTES ? null : 'partial';
    const mark = readMark(data.subarray(bodyAt, end).toString('latin1'));
    return mark && { mark, length: end + 1 - at };
  }

  return {
    push(chunk) {
      const pieces: MarkedOutput[] = [];
      const data =
        held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk]);
      held = Buffer.alloc(0);
      let from = 0;
      let search = 0;
      for (;;) {
        const at = data.indexOf(prefix, search);
        if (at === -1) break;
        const taken = takeMark(data, at);
        if (taken === null) {
          search = at + 1;
          continue;
        }
        if (at > from) pieces.push({ kind: 'bytes', bytes: data.subarray(from, at), rawBytes: at - from });
        if (taken === 'partial') {
          held = Buffer.from(data.subarray(at));
          return pieces;
        }
        pieces.push({ kind: 'mark', mark: taken.mark, rawBytes: taken.length });
        from = at + taken.length;
        search = from;
      }
      const keep = countPrefixTail(data, from, prefix);
      if (data.length - keep > from) {
        pieces.push({
          kind: 'bytes',
          bytes: data.subarray(from, data.length - keep),
          rawBytes: data.length - keep - from,
        });
      }
      held = Buffer.from(data.subarray(data.length - keep));
      return pieces;
    },
    flush() {
      const rest = held;
      held = Buffer.alloc(0);
      return rest.length === 0 ? [] : [{ kind: 'bytes', bytes: rest, rawBytes: rest.length }];
    },
  };
}

/** How many of the last bytes may be the beginning of a mark that the next chunk completes. */
function countPrefixTail(data: Buffer, from: number, prefix: Buffer): number {
  const start = Math.max(from, data.length - prefix.length + 1);
  for (let at = data.indexOf(MARK_BYTE, start); at !== -1; at = data.indexOf(MARK_BYTE, at + 1)) {
    const tail = data.subarray(at);
    if (prefix.subarray(0, tail.length).equals(tail)) return tail.length;
  }
  return 0;
}
