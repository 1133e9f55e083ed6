import { splitChips } from './chips.ts';
import { findUrls } from './find-urls.ts';
import type { Run } from './read-line.ts';
import type { TextStyle } from './style.ts';

/** What a row is drawn of, in order: each is one node. */
export type LinePart = { style: TextStyle; href: string | null; isHit: boolean } & (
  | { kind: 'text'; text: string }
  /** `character` is what is copied. */
  | { kind: 'chip'; character: string; label: string }
);

export type Ranges = readonly (readonly [from: number, to: number])[];

/** Characters of a row; the person asks for more. */
export const SHOWN_CHARACTERS = 4_096;

/**
 * Runs cut at strange characters, addresses and hits. `ranges` are places in the line without escape sequences.
 * `hidden` is how many characters stand behind the limit.
 */
export function splitParts(runs: readonly Run[], ranges: Ranges, limit: number): { parts: LinePart[]; hidden: number } {
  const parts: LinePart[] = [];
  let left = limit;
  let hidden = 0;
  for (const run of runs) {
    const text = run.text.slice(0, left);
    hidden += run.text.length - text.length;
    left -= text.length;
    for (const piece of splitChips(text, run.at)) {
      const base = { style: run.style, href: run.href };
      if (piece.kind === 'chip') {
        const { character, label } = piece;
        parts.push({ ...base, kind: 'chip', character, label, isHit: isIn(ranges, piece.at) });
      } else parts.push(...splitText(piece, base, ranges));
    }
  }
  return { parts, hidden };
}

function splitText(
  { text, at }: { text: string; at: number },
  base: { style: TextStyle; href: string | null },
  ranges: Ranges,
): LinePart[] {
  const urls = base.href === null ? findUrls(text) : [];
  const cuts = new Set([0, text.length]);
  const cut = (place: number) => {
    if (place > 0 && place < text.length) cuts.add(place);
  };
  for (const { from, to } of urls) [from, to].forEach(cut);
  for (const [from, to] of ranges) [from - at, to - at].forEach(cut);
  const places = [...cuts].toSorted((left, right) => left - right);
  return places.slice(0, -1).map((from, index) => {
    const href = base.href ?? urls.find((url) => url.from <= from && from < url.to)?.href ?? null;
    return {
      kind: 'text',
      text: text.slice(from, places[index + 1]),
      style: base.style,
      href,
      isHit: isIn(ranges, at + from),
    };
  });
}

function isIn(ranges: Ranges, place: number): boolean {
  return ranges.some(([from, to]) => from <= place && place < to);
}
