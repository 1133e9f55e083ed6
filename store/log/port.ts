/**
 * Logs, byte for byte, addressed by line and byte offset (ARCHITECTURE §3.5). One writer
 * an attempt at a time (a later writer takes over from what is durable); any number of
 * readers, also while it is written.
 */
export interface LogStore {
  /** Opens for appending behind what is durable already. */
  write(key: LogKey, options: LogWriteOptions): Promise<LogWriter>;
  /** Bytes `[from, to)` of the stored log, as far as there are any. */
  readBytes(key: LogKey, from: number, to: number): AsyncIterable<Uint8Array>;
  /** Rows from line `from` (counted from 1), at most `limit` and 256 KiB. */
  readLines(key: LogKey, from: number, limit: number): Promise<LogRow[]>;
  /** All whole lines in large pieces, in order: for who looks at every one of them. */
  scan(key: LogKey): AsyncIterable<LogPiece>;
  index(key: LogKey): Promise<LogIndex>;
}

/** Consecutive lines. */
export interface LogPiece {
  /** Number of the first, from 1. */
  line: number;
  /** Each ends with its line feed, but the log's last; of a line above 64 KiB the beginning. */
  bytes: Uint8Array;
  /** When a line of the piece began, ms since the attempt began. */
  timeOf(line: number): number;
}

export interface LogKey {
  runId: string;
  /** Leg. */
  stage: string;
  attempt: number;
  /** Of a service beside the attempt; absent: the attempt's own. */
  service?: string;
}

export interface LogWriteOptions {
  /** Values to mask, also base64- and URL-encoded, also split across appends and lines. */
  masks: readonly string[];
  /** ms since epoch of the attempt's begin; row times count from here. */
  startedAt: number;
  /** Called after bytes became durable, at most every 100 ms: how far readers can read. */
  onDurable: (state: { bytes: number; lines: number }) => void;
}

export interface LogWriter {
  /**
   * How many bytes of the executor's raw stream are durable, from the stream's beginning:
   * where to resume. Raw counts before masking and before our step marks are taken out.
   */
  readonly raw: number;
  /** `rawBytes` is how much of the raw stream this chunk stands for. */
  append(bytes: Uint8Array, rawBytes: number): Promise<void>;
  /** Says openly that bytes are missing here. They count as raw. */
  gap(gap: { bytes: number; cause: string }): Promise<void>;
  /** A step begins or ends at the present position. Told again after a take-over it changes nothing. */
  mark(mark: StepMark, rawBytes: number): Promise<void>;
  /** Makes everything durable; the log is ended and immutable. */
  end(): Promise<LogIndex>;
  /** Makes everything durable and lets go: another writer may take over. */
  release(): Promise<void>;
}

export type StepMark =
  | { kind: 'step-start'; step: number; title: string }
  | { kind: 'step-end'; step: number; exitCode: number; durationMs: number };

/**
 * A line: `n` from 1, `t` ms since the attempt began. A byte of it that is not UTF-8 is the
 * lone surrogate U+DC00 + byte. `cut` bytes at its end are left out (above 64 KiB). A gap
 * stands in front of the line that it broke, and comes with it once that line is whole.
 */
export type LogRow =
  /** `byte`: offset of the line's first byte in the stored log. */
  | { n: number; t: number; text: string; byte: number; partial?: true; cut?: number }
  | { gap: { bytes: number; fromAt: string; toAt: string; cause: string } };

export interface LogGroup {
  step: number;
  title: string;
  fromLine: number;
  fromByte: number;
  /** Null while the step runs. */
  exitCode: number | null;
  durationMs: number | null;
}

/** Lines that the output itself holds together, inside a step. Its first line is its head. */
export interface LogSection {
  title: string;
  fromLine: number;
  /** The last of its lines; null while it is open. */
  toLine: number | null;
  /** Of sections around it: 0 to 2. */
  depth: number;
}

export interface LogIndex {
  /** Line feeds; when ended, with a last line that has none. */
  lines: number;
  bytes: number;
  groups: LogGroup[];
  /** At most 1,000. */
  sections: LogSection[];
  /** Lines that are errors by their text, at most 1,000. */
  errors: number[];
  /** `line` is the one that the gap stands in front of. */
  gaps: { line: number; bytes: number; cause: string; fromAt: string; toAt: string }[];
  /** SHA-256 of the stored bytes once ended. */
  digest: string | null;
  ended: boolean;
}
