/**
 * Escape sequences of terminals inside one line: OSC, DCS, APC, PM and SOS strings up to their end, CSI sequences, and
 * other short escapes. What reads logs agrees on this one expression, so that a place in the text without escapes is
 * the same place for the server's search and for the page.
 */
const ESC = '\\u001b';
const BELL = '\\u0007';
const C1_CSI = '\\u009b';
const CSI_BODY = '[0-?]*[ -/]*[@-~]?';

export const ESCAPE_SEQUENCES = new RegExp(
  `${ESC}(?:[\\]PX^_][^${BELL}${ESC}\\n]*(?:${BELL}|${ESC}\\\\)?|\\[${CSI_BODY}|[ -/]*[0-~])|${C1_CSI}${CSI_BODY}`,
  'g',
);

/** The text as it is read: without escape sequences. */
export function removeSequences(text: string): string {
  return text.includes('\u001b') || text.includes('\u009b') ? text.replaceAll(ESCAPE_SEQUENCES, '') : text;
}
