import { LIMITS } from '#config/pipeline/guard.ts';
import { findLineEnd, lexKdl, type Token } from '#config/pipeline/lexer.ts';

/**
 * Tokens of a text that may be half written: what is never closed counts as a string up to
 * the end of its line, and the next line goes on as if it had been.
 */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    const { tokens: read, problem } = lexKdl(text.slice(offset), LIMITS.depth);
    for (const token of read) {
      tokens.push({ ...token, start: token.start + offset, end: token.end + offset });
    }
    if (!problem) return tokens;
    const start = offset + problem.start;
    const end = Math.max(findLineEnd(text, start), start + 1);
    tokens.push({ kind: 'string', start, end });
    offset = end;
  }
  return tokens;
}

/** What a string or bare word says, as far as names need it: without its quotes. */
export function plainText(text: string, { start, end }: Token): string {
  return text.slice(start, end).replaceAll(/^#*"|"#*$/g, '');
}
