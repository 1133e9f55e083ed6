import type { Span } from '#core/diagnostic.ts';

/** A stretch of a text as UTF-16 offsets, `end` exclusive. */
export interface Place {
  start: number;
  end: number;
  /** The text it is in; without one, that of the file that is compiled. */
  source?: Source;
  /** Identity of the node at the top of its file that it stands in: a template's text has parameters of its own. */
  top?: object;
}

/** A text with its name and the offsets at which its lines begin. */
export interface Source {
  file: string;
  text: string;
  lineStarts: readonly number[];
  /** 0 is the file that is compiled; those it imports count from 1, in the order they are read. */
  order: number;
  /** Where it is imported. */
  importedAt?: Place;
  /** Of another repository. */
  isForeign?: boolean;
  /** The stage of the open run that wrote it, where one did. */
  generatedBy?: string;
}

/** Prepares a text for position look-ups. `\r\n`, `\n` and a lone `\r` end a line. */
export function createSource(
  file: string,
  text: string,
  imported?: { order: number; at: Place; isForeign: boolean },
): Source {
  const lineStarts = [0];
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code === 10 || (code === 13 && text.charCodeAt(offset + 1) !== 10)) {
      lineStarts.push(offset + 1);
    }
  }
  return {
    file,
    text,
    lineStarts,
    order: imported?.order ?? 0,
    ...(imported ? { importedAt: imported.at, isForeign: imported.isForeign } : {}),
  };
}

/** Order of two places: the compiled file first, then those it imports, each from its beginning. */
export function comparePlaces(a: Place, b: Place): number {
  return (a.source?.order ?? 0) - (b.source?.order ?? 0) || a.start - b.start;
}

/** Line and column of an offset, both from 1. Offsets outside the text are clamped to it. */
export function positionAt(source: Source, offset: number): Span['start'] {
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= clamped) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: clamped - (source.lineStarts[low] ?? 0) + 1, offset: clamped };
}

/** The place as a span with lines and columns. */
export function spanOf(source: Source, place: Place): Span {
  return { start: positionAt(source, place.start), end: positionAt(source, place.end) };
}

/** The text of a line (from 1) without its end. */
export function lineText(source: Source, line: number): string {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return '';
  const next = source.lineStarts[line] ?? source.text.length + 1;
  return source.text.slice(start, next).replace(/[\r\n]+$/, '');
}
