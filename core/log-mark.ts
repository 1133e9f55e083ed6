import { removeSequences } from './escape-sequences.ts';

/**
 * What a line of a log is besides text, told from the line alone when it is stored: an error that a reader is taken to,
 * or a mark of a foldable section in the spellings that tools print for other systems.
 */
export type LogMark =
  | { kind: 'error' }
  | { kind: 'section-start'; title: string }
  /** Ends the section of its own kind in front of it. */
  | { kind: 'section-next'; title: string }
  | { kind: 'section-end' };

/** On text without escapes (UI §5.10). Compilers, test runners, shells and runtimes print one of these. */
const ERRORS: readonly RegExp[] = [
  /\b(?:error|Error|ERROR)(?:\[[^\]]*\])?:/,
  /\b[A-Z]\w*(?:Error|Exception): /,
  /^\s*(?:--- )?(?:FAIL|FAILED|ERROR)\b/,
  /\b(?:fatal|Fatal|FATAL|panic): /,
  /^Traceback \(/,
  /\bnpm (?:ERR!|error)/,
  /##\[error\]|^::error\b/,
  /^\s*[✗✘]/,
  /\b[Aa]ssertion (?:failed|error)|\bAssertionError\b/,
];

const WORDS = String.raw`[Ee]rror|ERROR|[Ff]atal|FA[IT]|panic|Trace|npm ERR|Exception|ssertion|\xe2\x9c[\x97\x98]`;
const LINE_BEGINS = String.raw`\n(?:::|---|\+\+\+|~~~|section_|\u001b|##\[)`;
/**
 * Every marked line has one of these, seen as Latin-1 with the line feed in front of it: so that a log of 30 MB/s is
 * looked through in one pass, and only candidates are decoded.
 */
export const MARK_CANDIDATE = new RegExp(`${WORDS}|${LINE_BEGINS}`, 'g');

/** What stands behind so many characters of a line is not looked at: an error says so early. */
export const MARKED_CHARACTERS = 2_000;

const TITLE_CHARACTERS = 200;

export function markLine(line: string): LogMark | null {
  const text = removeSequences(line.slice(0, MARKED_CHARACTERS)).replace(/\r+$/, '');
  return markSection(text) ?? (ERRORS.some((pattern) => pattern.test(text)) ? { kind: 'error' } : null);
}

function markSection(text: string): LogMark | null {
  for (const start of ['::group::', '##[group]']) {
    if (text.startsWith(start)) return { kind: 'section-start', title: toTitle(text.slice(start.length)) };
  }
  if (text.startsWith('::endgroup::') || text.startsWith('##[endgroup]')) return { kind: 'section-end' };
  const [, edge, title = ''] = /^section_(start|end):\d+:[\w.-]+(?:\[[^\]]*\])?\r?(.*)$/.exec(text) ?? [];
  if (edge) return edge === 'start' ? { kind: 'section-start', title: toTitle(title) } : { kind: 'section-end' };
  const next = /^(?:---|\+\+\+|~~~) (\S.*)$/.exec(text)?.[1];
  // Heads of a diff and results of `go test` are spelled like that too.
  if (next === undefined || /^(?:[abciow]\/|\/dev\/null|(?:FAIL|PASS|SKIP):)|\t/.test(next)) return null;
  return { kind: 'section-next', title: toTitle(next) };
}

function toTitle(text: string): string {
  return text.trim().slice(0, TITLE_CHARACTERS);
}
