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
  return listTop(text, tokens).flatMap(({ word, token }) =>
    word === 'stage' || word === 'gate' || word === 'template'
      ? [{ kind: word, name: plainText(text, token), token }]
      : [],
  );
}

/** Paths of the files that a file imports from its own repository. */
export function listImportPaths(text: string, tokens: readonly Token[]): string[] {
  const names = listTop(text, tokens).flatMap(({ word, token }) => (word === 'import' ? [plainText(text, token)] : []));
  return names.filter((name) => name.endsWith('.kdl'));
}

/** Words at the top level of a file that a string follows, with that string. */
function listTop(text: string, tokens: readonly Token[]): { word: string; token: Token }[] {
  const found: { word: string; token: Token }[] = [];
  let depth = 0;
  let atStart = true;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === '{') depth += 1;
    if (token.kind === '}') depth = Math.max(0, depth - 1);
    const next = tokens[index + 1];
    if (atStart && depth === 0 && next?.kind === 'string') found.push({ word: plainText(text, token), token: next });
    if (token.kind !== 'comment') atStart = ['newline', ';', '{', '}', 'slashdash'].includes(token.kind);
  }
  return found;
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
