import type { Arena } from './arena.ts';
import type { LogEvent } from './index-so-far.ts';
import type { LineMarks } from './line-marks.ts';
import type { StepMark } from './port.ts';
import type { SegmentHead } from './segment.ts';

const LINE_FEED = 0x0a;

/** The flush that is being gathered. Positions count from the log's beginning. */
export interface Draft {
  readonly size: number;
  readonly isEmpty: boolean;
  /** When the last byte came, ms since the attempt began. */
  readonly lastAt: number;
  add(bytes: Uint8Array, t: number): void;
  mark(mark: StepMark): void;
  gap(gap: { bytes: number; cause: string; fromAt: string; toAt: string }): void;
  /** Nothing more comes: the last line is whole. */
  endLine(): void;
  /** What is to be stored, and the position behind it. */
  seal(): {
    parts: Uint8Array[];
    lineFeeds: number;
    times: SegmentHead['times'];
    events: LogEvent[];
    end: DraftPosition;
  };
}

export interface DraftPosition {
  seq: number;
  byte: number;
  line: number;
  isMidLine: boolean;
  t: number;
}

/** What is gathered stands in the arena, which is the draft's alone until its bytes are stored. */
export function openDraft(start: DraftPosition, arena: Arena, lineMarks: LineMarks): Draft {
  const parts: Uint8Array[] = [];
  const events: LogEvent[] = [];
  const times: number[] = [];
  let { byte, line, isMidLine, t } = start;

  function note(first: number, at: number): void {
    if (times.at(-1) === at) return;
    if (times.at(-2) === first) times.splice(-2);
    times.push(first, at);
  }

  const here = () => ({ seq: start.seq, line, byte });
  return {
    get size() {
      return byte - start.byte;
    },
    get isEmpty() {
      return byte === start.byte && events.length === 0;
    },
    get lastAt() {
      return t;
    },
    add(bytes, at) {
      if (bytes.length === 0) return;
      note(isMidLine ? line + 1 : line, at);
      parts.push(arena.copy(bytes));
      line += lineMarks.scan(bytes, (mark, lines) =>
        events.push({ seq: start.seq, line: line + lines, byte, ...mark }),
      );
      byte += bytes.length;
      isMidLine = bytes[bytes.length - 1] !== LINE_FEED;
      t = at;
    },
    mark(mark) {
      events.push({ ...here(), ...mark });
    },
    gap(gap) {
      events.push({ ...here(), kind: 'gap', ...gap });
    },
    endLine() {
      lineMarks.end((mark) => events.push({ ...here(), ...mark }));
    },
    seal() {
      const end = { seq: start.seq + 1, byte, line, isMidLine, t };
      return { parts, lineFeeds: line - start.line, times, events, end };
    },
  };
}
