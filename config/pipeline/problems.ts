import type { Diagnostic, Severity } from '#core/diagnostic.ts';
import { CODES, type Code } from './codes.ts';
import { comparePlaces, type Place, type Source, spanOf } from './source.ts';

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
  /** The same collection for another file of the same pipeline: reports without a source of their own are of that one. */
  within(source: Source): Problems;
  /** The same collection for a stage that uses templates: what is wrong in one of them also points to where it is used. */
  using(uses: ReadonlyMap<object, Place>): Problems;
  hasErrors(): boolean;
  /** Sorted by position; the same thing said twice at one place (once a leg) stands once. */
  list(): Diagnostic[];
}

/** An empty collection for one text. The severity comes from the code's registry entry. */
export function collectProblems(source: Source): Problems {
  const seen = new Set<string>();
  const found: { place: Place; diagnostic: Diagnostic }[] = [];
  const collect = (current: Source, uses: ReadonlyMap<object, Place>): Problems => ({
    source: current,
    report(code, place, message, detail = {}) {
      const own = place.source ?? current;
      const key = `${code} ${own.order} ${place.start} ${message}`;
      if (seen.has(key)) return;
      seen.add(key);
      const severity: Severity = CODES[code].severity;
      const diagnostic: Diagnostic = {
        code,
        severity,
        file: own.file,
        message,
        ...(detail.label === undefined ? {} : { label: detail.label }),
        span: spanOf(own, place),
        ...(detail.hint === undefined ? {} : { hint: detail.hint }),
        related: [...(detail.related ?? []), ...listCalls(own, place, uses)].map((other) => ({
          file: (other.place.source ?? current).file,
          span: spanOf(other.place.source ?? current, other.place),
          message: other.message,
        })),
      };
      found.push({ place: { ...place, source: own }, diagnostic });
    },
    within: (other) => collect(other, uses),
    using: (others) => collect(current, others),
    hasErrors: () => found.some(({ diagnostic }) => diagnostic.severity === 'error'),
    list: () =>
      found
        .toSorted((a, b) => comparePlaces(a.place, b.place) || a.diagnostic.code.localeCompare(b.diagnostic.code))
        .map(({ diagnostic }) => diagnostic),
  });
  return collect(source, new Map());
}

/** Where the text of a template or of another file comes in. */
function listCalls(own: Source, { top }: Place, uses: ReadonlyMap<object, Place>): { place: Place; message: string }[] {
  const use = top && uses.get(top);
  if (use) return [{ place: use, message: 'used here' }];
  return own.importedAt ? [{ place: own.importedAt, message: 'imported here' }] : [];
}
