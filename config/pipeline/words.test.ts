import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { WORD_SUPPORT } from './executors.ts';
import { parseFile } from './parse.ts';
import { collectProblems } from './problems.ts';
import { shapeFile, type WordNode } from './shape.ts';
import { createSource } from './source.ts';
import type { Argument } from './word.ts';
import { FILE_WORD, listWords } from './words.ts';

const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;
const TESTDATA = new URL('../testdata/', import.meta.url);
const DOCS = new URL('../../docs/', import.meta.url);

function expectPage(path: string, page: string): void {
  const url = new URL(path, DOCS);
  mkdirSync(new URL('.', url), { recursive: true });
  if (UPDATE) writeFileSync(url, page);
  expect(readFileSync(url, 'utf8')).toBe(page);
}

it('every word is in the reference, and nothing else', () => {
  const rows = listWords().map(({ path, word }) => {
    const values = word.args.map(describe).join(' ');
    return `| ${linkTo(path)} | ${values} | ${word.summary.replaceAll('|', '\\|')} |`;
  });
  const head = `# All words

Every word a pipeline file may use, with what it stands in. A word with one value may also be written as a property of the word around it: \`timeout "5m"\` inside a stage, or \`stage "x" timeout="5m"\`. [The pipeline language](../language.md) explains them in their context.

| word | values | meaning |
|---|---|---|
`;
  expectPage('language/words.md', `${head}${rows.join('\n')}\n`);
});

/** A word that has a page leads there. */
function linkTo(path: string): string {
  const [first = '', second, ...rest] = path.split('/');
  const page = second === undefined ? first : rest.length === 0 && first === 'stage' ? second : null;
  const shown = `\`${path.replaceAll('/', ' › ')}\``;
  const hasPage = page !== null && existsSync(new URL(`language/${page}.md`, DOCS));
  return hasPage ? `[${shown}](${page}.md)` : shown;
}

function describe({ name, need, choices }: Argument): string {
  const shown = choices ? choices.map((one) => `\`${one}\``).join(' ') : name;
  return need === 'optional' ? `[${shown}]` : need === 'many' ? `${shown}…` : need === 'any' ? `[${shown}…]` : shown;
}

it('what each executor does with each word is in the table', () => {
  const rows = listSupported().map((word) => {
    const support = WORD_SUPPORT[word];
    const cells = (['docker', 'process'] as const).map((executor) => {
      const one = support?.[executor] ?? { kind: 'yes' };
      if (one.kind === 'yes') return 'yes';
      return one.kind === 'refused' ? `refused: ${one.reason}` : `set aside with a notice: ${one.reason}`;
    });
    return `| \`${word.replaceAll('/', ' › ')}\` | ${cells.join(' | ')} |`;
  });
  const head = `# Words and executors

What \`executor "docker"\` and \`executor "process"\` do with each word of a stage. *Refused* means that the file is an error, since the stage would otherwise run with more freedom than it says. *Set aside* means that the word has no effect, which the run says aloud when it starts.

| word | docker | process |
|---|---|---|
`;
  expectPage('word-executor.md', `${head}${rows.join('\n')}\n`);
});

it('every word with special support is a word of a stage', () => {
  const words = listSupported();
  expect(Object.keys(WORD_SUPPORT).filter((word) => !words.includes(word))).toEqual([]);
});

/** The words of a stage, and those inside them whose support differs from theirs. */
function listSupported(): string[] {
  const words = listWords(FILE_WORD.words['stage']).map(({ path }) => path);
  return words.filter((path) => !path.includes('/') || Object.hasOwn(WORD_SUPPORT, path));
}

it('every word stands in a golden file that compiles', () => {
  const used = new Set<string>();
  const collect = (node: WordNode, prefix: string) => {
    for (const [name, nodes] of node.words) {
      used.add(prefix + name);
      for (const inner of nodes) collect(inner, `${prefix}${name}/`);
    }
  };
  const files = readdirSync(TESTDATA);
  for (const name of files.filter(
    (one) => one.endsWith('.kdl') && files.includes(one.replace(/\.kdl$/, '.plan.json')),
  )) {
    const problems = collectProblems(createSource(name, readFileSync(new URL(name, TESTDATA), 'utf8')));
    const nodes = parseFile(problems);
    if (nodes) collect(shapeFile(problems, nodes), '');
  }
  expect(
    listWords()
      .map(({ path }) => path)
      .filter((path) => !used.has(path)),
  ).toEqual([]);
});
