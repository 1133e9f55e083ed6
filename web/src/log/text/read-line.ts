import { ESCAPE_SEQUENCES } from '#core/escape-sequences.ts';
import { applySgr, PLAIN, type TextStyle } from './style.ts';

/** Text of one look. */
export interface Run {
  text: string;
  /** Where it begins in the line without escape sequences: what a search tells places in. */
  at: number;
  style: TextStyle;
  /** Target of a hyperlink (OSC 8), http(s) only. */
  href: string | null;
}

export interface ReadLine {
  /** What a terminal would show at last: the text after the last carriage return that text follows. */
  runs: Run[];
  /** What it showed before, oldest first; at most 1,000. */
  earlier: Run[][];
  /** How often the line was written over. */
  updates: number;
}

const MAX_STATES = 1_000;
const [SGR, ERASE_LINE] = [/^[\d;:]*m$/, /\[[12]K$/];
const LINK = '\u001b]8;';

/** Colours and links of a line. Every other escape sequence is left out; cursor moves are not followed. */
export function readLine(line: string): ReadLine {
  let [style, href] = [PLAIN, null as string | null];
  let runs: Run[] = [];
  const states: Run[][] = [];
  let updates = 0;
  let at = 0;

  function addText(text: string): void {
    for (const [index, part] of text.split('\r').entries()) {
      if (index > 0) {
        endState();
        at += 1;
      }
      if (part !== '') runs.push({ text: part, at, style, href });
      at += part.length;
    }
  }

  function endState(): void {
    if (runs.length === 0) return;
    updates += 1;
    states.push(runs);
    if (states.length > MAX_STATES) states.shift();
    runs = [];
  }

  let end = 0;
  for (const { 0: sequence, index } of line.matchAll(ESCAPE_SEQUENCES)) {
    if (index > end) addText(line.slice(end, index));
    end = index + sequence.length;
    const control = readCsi(sequence);
    if (SGR.test(control)) style = applySgr(style, control.slice(0, -1));
    else if (ERASE_LINE.test(sequence)) runs = [];
    else if (sequence.startsWith(LINK)) href = readTarget(sequence);
  }
  addText(end === 0 ? line : line.slice(end));
  endState();
  return { runs: states.pop() ?? [], earlier: states, updates };
}

/** What stands behind the introducer; nothing for sequences of other kinds. */
function readCsi(sequence: string): string {
  if (sequence.startsWith('\u001b[')) return sequence.slice(2);
  return sequence.startsWith('\u009b') ? sequence.slice(1) : '';
}

/** `OSC 8 ; parameters ; target`, ended by BEL or ST. */
function readTarget(sequence: string): string | null {
  const end = sequence.endsWith('\u0007') ? -1 : sequence.endsWith('\u001b\\') ? -2 : undefined;
  const target = sequence.slice(sequence.indexOf(';', LINK.length) + 1, end);
  return isSafeTarget(target) ? target : null;
}

/** Only http and https are opened, whatever else a log may write. */
export function isSafeTarget(target: string): boolean {
  const url = URL.canParse(target) ? new URL(target) : null;
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
}
