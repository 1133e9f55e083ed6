/** A place in a text. Lines and columns count from 1, offsets (UTF-16 code units) from 0. */
export interface Span {
  start: { line: number; column: number; offset: number };
  end: { line: number; column: number; offset: number };
}

export type Severity = 'error' | 'warning' | 'info';

/** Something to say about a text, at its place (LANGUAGE §1). */
export interface Diagnostic {
  /** Stable, `KDL012`; `buildit help KDL012` explains it. */
  code: string;
  severity: Severity;
  file: string;
  message: string;
  /** A few words under the caret, when the message alone does not say it. */
  label?: string;
  span: Span;
  hint?: string;
  /** Other places that belong to it: "first declared here", the path of a cycle. */
  related: { file: string; span: Span; message: string }[];
}
