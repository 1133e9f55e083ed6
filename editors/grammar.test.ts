import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { LIMITS } from '#config/pipeline/guard.ts';
import { lexKdl } from '#config/pipeline/lexer.ts';
import { createSource, positionAt } from '#config/pipeline/source.ts';
import { FILE_WORD } from '#config/pipeline/words.ts';

const TOP = new URL('../', import.meta.url);
const GRAMMAR = new URL('vscode/syntaxes/buildit.tmLanguage.json', import.meta.url);

const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
await oniguruma.loadWASM(Uint8Array.from(wasm).buffer);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => textmate.parseRawGrammar(readFileSync(GRAMMAR, 'utf8'), 'buildit.json'),
});
const grammar = await registry.loadGrammar('source.buildit');

/** The scope of a character by line and column, from 0, as an editor colours it. */
function colour(text: string): (line: number, column: number) => string {
  let state = textmate.INITIAL;
  const lines = text.split(/\r\n|\n/).map((line) => {
    const result = grammar?.tokenizeLine(line, state);
    if (!result) throw new Error('the grammar was not loaded');
    state = result.ruleStack;
    return result.tokens;
  });
  return (line, column) =>
    lines[line]?.find(({ startIndex, endIndex }) => startIndex <= column && column < endIndex)?.scopes.join(' ') ?? '';
}

const files = ['config/testdata/', 'config/testdata/older/', 'examples/'].flatMap((folder) =>
  readdirSync(new URL(folder, TOP))
    .filter((name) => name.endsWith('.kdl'))
    .map((name) => folder + name),
);

it.each(files)('in %s comments, strings and words are coloured as the language reads them', (path) => {
  const text = readFileSync(new URL(path, TOP), 'utf8');
  const { tokens, problem } = lexKdl(text, LIMITS.depth);
  const source = createSource(path, text);
  const scopeAt = colour(text);
  for (const token of tokens) {
    if (problem && token.start > problem.start) break;
    const { line, column } = positionAt(source, token.start);
    const scope = scopeAt(line - 1, column - 1);
    const where = `${line}:${column} ${scope}`;
    if (token.kind === 'comment') expect(scope, where).toContain('comment.');
    else if (token.kind === 'string') expect(scope, where).toContain('string.quoted');
    else if (token.kind === 'bare') expect(scope, where).not.toMatch(/comment\.|string\.quoted/);
  }
});

it('every word of the top of a file is a keyword, what stands inside is not', () => {
  for (const word of Object.keys(FILE_WORD.words)) expect(colour(`${word} "x" {`)(0, 0)).toContain('keyword.control');
  expect(colour('stage "a" { timeout "5m" }')(0, 12)).toContain('entity.name.tag');
  expect(colour('stage "a" timeout="5m"')(0, 10)).toContain('attribute-name');
  expect(colour('stage "a" { stages "x" }')(0, 12)).toContain('entity.name.tag');
});

it('references and values have colours of their own', () => {
  expect(colour('run "echo ${git.sha}"')(0, 14)).toContain('variable.other');
  expect(colour('run "echo ${tag}"')(0, 14)).not.toContain('variable.other');
  expect(colour('a #true 1.5 /- b')(0, 3)).toContain('constant.language');
  expect(colour('a #true 1.5 /- b')(0, 8)).toContain('constant.numeric');
  expect(colour('a #true 1.5 /- b')(0, 12)).toContain('slashdash');
});
