import { findLineEnd, type Token } from './lexer.ts';
import type { Problems } from './problems.ts';

/** Marks what an empty list literal leaves behind, so that a misspelt word still shows. */
export const EMPTY_LIST = 'empty-list';

/** A text in the canonical spelling, and the way back to the offsets of the original. */
export interface Rewritten {
  text: string;
  toOriginal(offset: number): number;
}

const KEYWORDS = new Set(['true', 'false', 'null']);

/**
 * Rewrites the two older spellings of values (LANGUAGE §1, §12) on the token level, since
 * the parser knows neither: bare `true`, `false`, `null`, and list literals. A property
 * with a list becomes the same property several times, which adds up for list words.
 * Null when a list literal is malformed (reported).
 */
export function rewriteOlder(problems: Problems, tokens: readonly Token[]): Rewritten | null {
  const { text } = problems.source;
  const significant = tokens.filter((token) => token.kind !== 'comment');
  const edits = createEdits(text);
  let atStart = true;
  for (let index = 0; index < significant.length; index++) {
    const token = significant[index];
    if (!token) break;
    const next = significant[index + 1];
    switch (token.kind) {
      case 'newline':
        // A line break behind `\` does not end the node.
        if (significant[index - 1]?.kind !== 'continue') atStart = true;
        break;
      case ';':
      case '{':
      case '}':
        atStart = true;
        break;
      case '[': {
        const end = rewriteList(problems, significant, index, edits);
        if (end === null) return null;
        const isKey = significant[skipBreaks(significant, end + 1, 1)]?.kind === '=';
        if (atStart || isKey || significant[index - 1]?.kind === ')') {
          problems.report('KDL004', token, 'a list cannot stand here', { hint: 'write the word first: needs "a" "b"' });
          return null;
        }
        index = end;
        atStart = false;
        break;
      }
      case 'bare':
        if (!atStart && next?.kind !== '=' && KEYWORDS.has(text.slice(token.start, token.end))) {
          edits.insert(token.start, '#');
        }
        atStart = false;
        break;
      case 'string':
        atStart = false;
        break;
      case ')':
        break;
      case 'comment':
      case 'slashdash':
      case 'continue':
      case '=':
      case '(':
      case ']':
        break;
      default:
        token.kind satisfies never;
    }
  }
  return edits.finish();
}

/** Rewrites one list from its `[`; answers the index of its `]`. */
function rewriteList(problems: Problems, tokens: readonly Token[], open: number, edits: Edits): number | null {
  const { text } = problems.source;
  const start = tokens[open];
  if (!start) return null;
  const equals = skipBreaks(tokens, open - 1);
  const keyIndex = tokens[equals]?.kind === '=' ? skipBreaks(tokens, equals - 1) : open;
  const key = keyIndex === open ? undefined : tokens[keyIndex];
  const values: Token[] = [];
  let index = open + 1;
  for (; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token || token.kind === ']') break;
    if (token.kind === 'newline') continue;
    const isValue = token.kind === 'string' || token.kind === 'bare';
    if (!isValue || text.slice(token.start, token.end).endsWith(',')) {
      problems.report('KDL004', token, 'a list holds values with spaces between them', {
        hint: 'write needs=["a" "b"], or better: needs "a" "b"',
      });
      return null;
    }
    values.push(token);
  }
  const close = tokens[index];
  if (!close) {
    const end = Math.min(start.end, findLineEnd(text, start.start));
    problems.report('KDL005', { start: start.start, end }, 'this [ is never closed');
    return null;
  }
  // `/-` hides one entry, so each value of a hidden list wants its own.
  const hidden = tokens[skipBreaks(tokens, keyIndex - 1)]?.kind === 'slashdash' ? '/- ' : '';
  const prefix = hidden + (key ? `${text.slice(key.start, key.end)}=` : '');
  // A space, or the word before would grow together with the first value.
  edits.replace(start.start, start.end, key ? '' : ' ');
  let last = start.end;
  for (const [position, value] of values.entries()) {
    const isKeyword = KEYWORDS.has(text.slice(value.start, value.end));
    edits.replace(last, value.start, `${position === 0 ? '' : ` ${prefix}`}${isKeyword ? '#' : ''}`);
    last = value.end;
  }
  edits.replace(last, close.end, values.length === 0 ? `(${EMPTY_LIST})""` : ' ');
  return index;
}

/** The first index from `index` on, backwards or forwards, that is no continued line. */
function skipBreaks(tokens: readonly Token[], index: number, direction = -1): number {
  let at = index;
  while (tokens[at]?.kind === 'newline' || tokens[at]?.kind === 'continue') at += direction;
  return at;
}

interface Edits {
  insert(at: number, text: string): void;
  replace(start: number, end: number, text: string): void;
  finish(): Rewritten;
}

/** Edits in ascending order, applied in one pass, with the offset map kept. */
function createEdits(text: string): Edits {
  const pieces: string[] = [];
  // Parallel, ascending: from `to[i]` on, new offsets correspond to `from[i]` on.
  const to: number[] = [0];
  const from: number[] = [0];
  let consumed = 0;
  let length = 0;
  const push = (piece: string) => {
    pieces.push(piece);
    length += piece.length;
  };
  const replace = (start: number, end: number, replacement: string) => {
    push(text.slice(consumed, start));
    to.push(length);
    from.push(start);
    push(replacement);
    to.push(length);
    from.push(end);
    consumed = end;
  };
  return {
    insert: (at, piece) => replace(at, at, piece),
    replace,
    finish() {
      push(text.slice(consumed));
      return { text: pieces.join(''), toOriginal: (offset) => mapBack(to, from, offset) };
    },
  };
}

/** Inserted text maps to the place it was inserted at, never beyond the next kept text. */
function mapBack(to: readonly number[], from: readonly number[], offset: number): number {
  let low = 0;
  let high = to.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((to[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const mapped = (from[low] ?? 0) + offset - (to[low] ?? 0);
  return Math.min(mapped, from[low + 1] ?? mapped);
}
