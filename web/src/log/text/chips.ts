/**
 * Characters that are shown as their code: controls but tab, what reorders text, and what cannot be seen (UI §5.6).
 * Bytes that are not UTF-8 come as lone surrogates from U+DC80 on.
 */
const STRANGE = /(?!\t)\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\u2028\u2029]|\p{Cs}/gu;

export type TextPiece =
  | { kind: 'text'; text: string; at: number }
  | { kind: 'chip'; character: string; label: string; at: number };

/** The text, and its strange characters apart. `at` counts on from the given one. */
export function splitChips(text: string, at: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(STRANGE)) {
    if (index > end) pieces.push({ kind: 'text', text: text.slice(end, index), at: at + end });
    pieces.push({ kind: 'chip', character, label: labelOf(character), at: at + index });
    end = index + character.length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end), at: at + end });
  return pieces;
}

function labelOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
