/** Rows of a log: a line (`n` from 1, `t` ms since the attempt began), or a hole in front of the next one. */
export type LogRowObject =
  /** `byte`: offset of the line in the stored log. `cut` bytes at its end are left out (above 64 KiB). */
  | { n: number; t: number; text: string; byte: number; partial?: true; cut?: number }
  | { gap: { bytes: number; fromAt: string; toAt: string; cause: string } };

/** `GET …/log/index`: how long a log is, and what is where in it. Lines count from 1. */
export interface LogIndexObject {
  lines: number;
  bytes: number;
  /** Steps. `exitCode` and `durationMs` are null while one runs. */
  groups: {
    step: number;
    title: string;
    fromLine: number;
    fromByte: number;
    exitCode: number | null;
    durationMs: number | null;
  }[];
  /** What the output itself holds together; `toLine` is null while it is open, `depth` 0 to 2. */
  sections: { title: string; fromLine: number; toLine: number | null; depth: number }[];
  /** Lines that are errors by their text, at most 1,000. */
  errors: number[];
  /** `line` is the one that the gap stands in front of. */
  gaps: { line: number; bytes: number; cause: string; fromAt: string; toAt: string }[];
  /** SHA-256 of the stored bytes once ended. */
  digest: string | null;
  ended: boolean;
}

/** A line that a search found. */
export interface LogHit {
  n: number;
  t: number;
  /** Its beginning, without escape sequences. */
  text: string;
  /** Where in the line without escape sequences, at most 20. */
  ranges: [from: number, to: number][];
  /** Of a search in all stages of a run. */
  stage?: string;
  attempt?: number;
}

/** Last row of a search. */
export interface LogHitCount {
  total: number;
  /** The search was given up before all lines were looked at: there may be more. */
  capped: boolean;
}
