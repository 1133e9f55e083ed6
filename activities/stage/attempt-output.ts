import type { LogWriter } from '#store/log/port.ts';
import type { ExchangeFile } from '../executor/exchange.ts';
import { createMarkParser } from '../executor/marks.ts';
import type { OutputSink } from '../executor/port.ts';
import type { LogMatcher } from './log-match.ts';

const NOTHING = new Uint8Array(0);
const LINE_FEED = 10;

/** What the wrapper's last marks said. */
export interface OutputFacts {
  /** `$BUILDIT_OUTPUT` as it came in a mark; `in-file` must be read; null when the stage wrote none, or no mark came. */
  outputs: { kind: 'text'; text: string } | { kind: 'in-file' } | null;
  /** Files the stage wrote to; they must be read. */
  written: Set<ExchangeFile>;
  /** Exit code of the wrapper's own end, null if it never came to it. */
  eof: number | null;
}

export interface AttemptOutput {
  sink: OutputSink;
  /** Where to go on after a break: raw bytes of this program that were handed to the log. */
  rawBytes(): number;
  /** What the program itself has printed here, without our marks. */
  printedBytes(): number;
  /** Whether what is in the log ends in the middle of a line. */
  endsMidLine(): boolean;
  /** Throws away what was held back at a break of the stream: it will come again. */
  restart(): void;
  /** The stream is over. */
  finish(): Promise<OutputFacts>;
}

/**
 * Raw output of an attempt into its log: marks become groups, everything else goes on byte for byte. The closing marks
 * (outputs, end) are not counted as raw bytes of the log, so a worker that takes over an ended attempt reads them
 * again and knows what its predecessor knew. `before` is how many raw bytes of the log another program of this attempt
 * printed, one that was reset.
 */
export function createAttemptOutput(
  writer: LogWriter,
  options: { nonce: string; titles: readonly string[]; matcher: LogMatcher | null; before: number },
): AttemptOutput {
  const facts: OutputFacts = { outputs: null, written: new Set(), eof: null };
  let parser = createMarkParser(options.nonce, options.titles);
  let raw = writer.raw;
  let printed = 0;
  let isClosing = false;
  let lastByte: number | undefined;

  async function take(pieces: ReturnType<typeof parser.push>): Promise<void> {
    for (const piece of pieces) {
      if (piece.kind === 'bytes') {
        raw += piece.rawBytes;
        printed += piece.bytes.length;
        lastByte = piece.bytes.at(-1) ?? lastByte;
        options.matcher?.push(piece.bytes);
        await writer.append(piece.bytes, piece.rawBytes);
        continue;
      }
      const { mark } = piece;
      switch (mark.kind) {
        case 'begin':
          raw += piece.rawBytes;
          await writer.append(NOTHING, piece.rawBytes);
          break;
        case 'step-start':
        case 'step-end':
          raw += piece.rawBytes;
          await writer.mark(mark, piece.rawBytes);
          break;
        case 'outputs':
          isClosing = true;
          facts.outputs = { kind: 'text', text: mark.text };
          break;
        case 'outputs-in-file':
          isClosing = true;
          facts.outputs = { kind: 'in-file' };
          break;
        case 'written':
          isClosing = true;
          facts.written.add(mark.file);
          break;
        case 'eof':
          isClosing = true;
          facts.eof = mark.exitCode;
          break;
        default:
          mark satisfies never;
      }
    }
  }

  return {
    sink: {
      onBytes: (bytes) => take(parser.push(bytes)),
      async onGap(gap) {
        await take(parser.flush());
        raw += gap.bytes;
        await writer.gap(gap);
      },
    },
    rawBytes: () => raw - options.before,
    printedBytes: () => printed,
    endsMidLine: () => lastByte !== undefined && lastByte !== LINE_FEED,
    restart() {
      parser = createMarkParser(options.nonce, options.titles);
      if (!isClosing) return;
      facts.outputs = null;
      facts.written.clear();
      facts.eof = null;
      isClosing = false;
    },
    async finish() {
      await take(parser.flush());
      return facts;
    },
  };
}
