import type { Token } from '#config/pipeline/lexer.ts';
import { plainText } from './tokens.ts';

/** A stage, gate or template as the file declares it. */
export interface Declared {
  kind: 'stage' | 'gate' | 'template';
  name: string;
  /** Of the name, with its quotes. */
  token: Token;
}

/** Stages, gates and templates of a file at its top level. */
export function listDeclared(text: string, tokens: readonly Token[]): Declared[] {
  const declared: Declared[] = [];
  let depth = 0;
  let atStart = true;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === '{') depth += 1;
    if (token.kind === '}') depth = Math.max(0, depth - 1);
    const name = tokens[index + 1];
    const word = plainText(text, token);
    const isDeclaration = word === 'stage' || word === 'gate' || word === 'template';
    if (atStart && depth === 0 && isDeclaration && name?.kind === 'string') {
      declared.push({ kind: word, name: plainText(text, name), token: name });
    }
    if (token.kind !== 'comment') atStart = ['newline', ';', '{', '}', 'slashdash'].includes(token.kind);
  }
  return declared;
}

/** What the values of a word name, if they name what the file declares. */
export function namesOf(word: string): readonly Declared['kind'][] {
  if (word === 'uses') return ['template'];
  return word === 'needs' || word === 'need' ? ['stage', 'gate'] : [];
}

/** The declaration that a value of a word speaks of: a need, a template, or `stages.NAME` inside a text. */
export function findDeclared(
  text: string,
  declared: readonly Declared[],
  token: Token,
  offset: number,
  word: string,
): Declared | null {
  const find = (name: string, kinds: readonly Declared['kind'][]) =>
    declared.find((one) => kinds.includes(one.kind) && one.name === name.replace(/\[.*$/s, '')) ?? null;
  const kinds = namesOf(word);
  if (kinds.length > 0) return find(plainText(text, token), kinds);
  const pattern = /\bstages\.([A-Za-z0-9_-]+)/g;
  for (const match of text.slice(token.start, token.end).matchAll(pattern)) {
    const start = token.start + match.index;
    if (offset >= start && offset <= start + match[0].length) return find(match[1] ?? '', ['stage', 'gate']);
  }
  return null;
}
