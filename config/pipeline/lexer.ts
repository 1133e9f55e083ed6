import type { Place } from './source.ts';

/** Tokens of KDL as far as guards and older spellings need them; spaces are left out. */
export interface Token extends Place {
  kind: 'string' | 'bare' | 'newline' | 'comment' | 'slashdash' | 'continue' | Punctuation;
}

type Punctuation = '=' | ';' | '{' | '}' | '(' | ')' | '[' | ']';

/** Why the text cannot be tokens; the text behind it is not looked at. */
export interface LexicalProblem extends Place {
  kind: 'string' | 'comment' | 'hashes' | 'comment-depth';
}

export interface Lexed {
  tokens: Token[];
  problem: LexicalProblem | null;
}

const SPACE = /[\t \u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\uFEFF]/;
const BARE = /[^\s"#()/;=[\\\]{}\u0085\uFEFF]+/uy;
const KEYWORD = /#-?[a-z]+/y;
/** Beyond this the parser's pattern for raw strings turns quadratic. */
const MAX_HASHES = 8;

/**
 * Splits KDL into tokens in one pass, time linear in the text whatever it contains. It
 * knows strings, comments and brackets, so that the parser behind it only ever sees text
 * whose strings and comments are closed.
 */
export function lexKdl(text: string, maxCommentDepth: number): Lexed {
  const tokens: Token[] = [];
  let offset = 0;
  const fail = (kind: LexicalProblem['kind'], start: number, end: number): Lexed => ({
    tokens,
    problem: { kind, start, end },
  });
  while (offset < text.length) {
    const char = text[offset] ?? '';
    const start = offset;
    if (char === '\n' || char === '\r' || /[\v\f\u0085\u2028\u2029]/.test(char)) {
      offset += text.startsWith('\r\n', offset) ? 2 : 1;
      tokens.push({ kind: 'newline', start, end: offset });
    } else if (SPACE.test(char)) {
      offset++;
    } else if (char === '"') {
      const end = findQuotedEnd(text, offset);
      if (end === null) return fail('string', start, findLineEnd(text, start));
      tokens.push({ kind: 'string', start, end });
      offset = end;
    } else if (char === '#') {
      const hashes = countHashes(text, offset);
      if (hashes > MAX_HASHES) return fail('hashes', start, start + hashes);
      const end = findHashEnd(text, offset, hashes);
      if (end === null) return fail('string', start, findLineEnd(text, start));
      tokens.push({ kind: text[start + hashes] === '"' ? 'string' : 'bare', start, end });
      offset = end;
    } else if (text.startsWith('//', offset)) {
      offset = findLineEnd(text, offset);
      tokens.push({ kind: 'comment', start, end: offset });
    } else if (text.startsWith('/*', offset)) {
      const comment = findCommentEnd(text, offset, maxCommentDepth);
      if (typeof comment === 'string') return fail(comment, start, start + 2);
      tokens.push({ kind: 'comment', start, end: comment });
      offset = comment;
    } else if (text.startsWith('/-', offset)) {
      offset += 2;
      tokens.push({ kind: 'slashdash', start, end: offset });
    } else if (char === '\\') {
      offset++;
      tokens.push({ kind: 'continue', start, end: offset });
    } else if (isPunctuation(char)) {
      offset++;
      tokens.push({ kind: char, start, end: offset });
    } else {
      BARE.lastIndex = offset;
      offset = BARE.test(text) ? BARE.lastIndex : offset + 1;
      tokens.push({ kind: 'bare', start, end: offset });
    }
  }
  return { tokens, problem: null };
}

function isPunctuation(char: string): char is Punctuation {
  return '=;{}()[]'.includes(char);
}

/** Offset of the end of the line that `offset` is in, or of the text. */
export function findLineEnd(text: string, offset: number): number {
  const pattern = /[\n\r\v\f\u0085\u2028\u2029]/g;
  pattern.lastIndex = offset;
  const match = pattern.exec(text);
  return match ? match.index : text.length;
}

/** End of `"…"` (one line; an escaped line break counts as space) or `"""…"""`. */
function findQuotedEnd(text: string, start: number): number | null {
  const triple = text.startsWith('"""', start);
  for (let offset = start + (triple ? 3 : 1); offset < text.length; offset++) {
    const char = text[offset];
    if (char === '\\') {
      if (!triple && /\s/.test(text[offset + 1] ?? '')) {
        while (/\s/.test(text[offset + 1] ?? '')) offset++;
      } else offset++;
    } else if (char === '"' && (!triple || text.startsWith('"""', offset))) {
      return offset + (triple ? 3 : 1);
    } else if (!triple && (char === '\n' || char === '\r')) return null;
  }
  return null;
}

function countHashes(text: string, start: number): number {
  let end = start;
  while (text[end] === '#') end++;
  return end - start;
}

/** End of a raw string (`#"…"#`, `#"""…"""#`) or of a keyword such as `#true`. */
function findHashEnd(text: string, start: number, hashes: number): number | null {
  const quote = start + hashes;
  if (text[quote] !== '"') {
    KEYWORD.lastIndex = start;
    return KEYWORD.test(text) ? KEYWORD.lastIndex : quote;
  }
  const triple = text.startsWith('"""', quote);
  const close = `${triple ? '"""' : '"'}${'#'.repeat(hashes)}`;
  const found = text.indexOf(close, quote + (triple ? 3 : 1));
  if (found === -1 || (!triple && found > findLineEnd(text, quote))) return null;
  return found + close.length;
}

/** End of a block comment; they nest in KDL. */
function findCommentEnd(text: string, start: number, maxDepth: number): number | 'comment' | 'comment-depth' {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth > maxDepth) return 'comment-depth';
    if (depth === 0) return marks.lastIndex;
  }
  return 'comment';
}
