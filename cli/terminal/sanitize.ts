import { ESCAPE_SEQUENCES, removeSequences } from '#core/escape-sequences.ts';
import { CSI, ESC } from './escape.ts';

const SGR = new RegExp(`^${ESC}\\[[0-9;:]*m$`);
/** Controls but tab and newline, and the characters that reorder text (UI §5). */
const HARMFUL = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/gu;
const STAND_IN = '\ue000';

/**
 * Output of a stage made safe for a terminal: of all escape sequences only colours (SGR)
 * stay, and nothing can move the cursor, set a title or reorder what is read.
 */
export function keepColors(text: string): string {
  if (!hasHarm(text)) return text;
  let isColored = false;
  const kept = text.replaceAll(STAND_IN, '').replaceAll(ESCAPE_SEQUENCES, (sequence) => {
    if (!SGR.test(sequence)) return '';
    isColored = true;
    return STAND_IN + sequence.slice(CSI.length);
  });
  const clean = kept.replaceAll(HARMFUL, '').replaceAll(STAND_IN, CSI);
  return isColored ? `${clean}${CSI}0m` : clean;
}

/** Without any escape sequence. */
export function removeEscapes(text: string): string {
  return hasHarm(text) ? removeSequences(text).replaceAll(HARMFUL, '') : text;
}

/** Text of others on one line, without anything that moves a cursor. */
export function oneLine(text: string): string {
  return removeEscapes(text).replaceAll(/\s+/g, ' ').trim();
}

/** What a terminal would show of a line with carriage returns: the text after the last one that text follows (UI §5). */
export function applyReturns(line: string): string {
  if (!line.includes('\r')) return line;
  const trimmed = line.replace(/\r+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}

function hasHarm(text: string): boolean {
  HARMFUL.lastIndex = 0;
  return HARMFUL.test(text);
}
