import type { Token } from '#config/pipeline/lexer.ts';
import { plainText } from './tokens.ts';

/** A stage or gate as the file declares it. */
export interface Declared {
  kind: 'stage' | 'gate';
  name: string;
  /** Of the name, with its quotes. */
  token: Token;
}

/** Stages and gates of a file at its top level. */
export function listDeclared(text: string, tokens: readonly Token[]): Declared[] {
  const declared: Declared[] = [];
  let depth = 0;
  let atStart = true;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === '{') depth += 1;
    if (token.kind === '}') depth = Math.max(0, depth - 1);
    const name = tokens[index + 1];
    const word = plainText(text, token);
    if (atStart && depth === 0 && (word === 'stage' || word === 'gate') && name?.kind === 'string') {
      declared.push({ kind: word, name: plainText(text, name), token: name });
    }
    if (token.kind !== 'comment') atStart = ['newline', ';', '{', '}', 'slashdash'].includes(token.kind);
  }
  return declared;
}

/** The declaration that a string at an offset speaks of: a need, or `stages.NAME` inside a text. */
export function findDeclared(
  text: string,
  declared: readonly Declared[],
  token: Token,
  offset: number,
  isNeed: boolean,
): Declared | null {
  const named = (name: string) => declared.find((one) => one.name === name.replace(/\[.*$/s, '')) ?? null;
  if (isNeed) return named(plainText(text, token));
  const pattern = /\bstages\.([A-Za-z0-9_-]+)/g;
  for (const match of text.slice(token.start, token.end).matchAll(pattern)) {
    const start = token.start + match.index;
    if (offset >= start && offset <= start + match[0].length) return named(match[1] ?? '');
  }
  return null;
}
