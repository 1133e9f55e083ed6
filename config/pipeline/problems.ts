import type { Diagnostic, Severity } from '#core/diagnostic.ts';
import { CODES, type Code } from './codes.ts';
import { type Place, type Source, spanOf } from './source.ts';

/** What a diagnostic says beyond its message. */
export interface Detail {
  /** A few words under the caret. */
  label?: string;
  hint?: string;
  /** Second places: where something was declared first, the edges of a cycle. */
  related?: { place: Place; message: string }[];
}

/** Collects every problem of one file, so that all are reported at once (STYLE habit 9). */
export interface Problems {
  readonly source: Source;
  report(code: Code, place: Place, message: string, detail?: Detail): void;
  hasErrors(): boolean;
  /** Sorted by position; the same thing said twice at one place (once a leg) stands once. */
  list(): Diagnostic[];
}

/** An empty collection for one text. The severity comes from the code's registry entry. */
export function collectProblems(source: Source): Problems {
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  return {
    source,
    report(code, place, message, detail = {}) {
      const key = `${code} ${place.start} ${message}`;
      if (seen.has(key)) return;
      seen.add(key);
      const severity: Severity = CODES[code].severity;
      found.push({
        code,
        severity,
        file: source.file,
        message,
        ...(detail.label === undefined ? {} : { label: detail.label }),
        span: spanOf(source, place),
        ...(detail.hint === undefined ? {} : { hint: detail.hint }),
        related: (detail.related ?? []).map((other) => ({
          file: source.file,
          span: spanOf(source, other.place),
          message: other.message,
        })),
      });
    },
    hasErrors: () => found.some((diagnostic) => diagnostic.severity === 'error'),
    list: () => found.toSorted((a, b) => a.span.start.offset - b.span.start.offset || a.code.localeCompare(b.code)),
  };
}
