import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FileExecutor, supportOf } from './executors.ts';
import { parseFile } from './parse.ts';
import { collectProblems } from './problems.ts';
import { shapeFile } from './shape.ts';
import { createSource } from './source.ts';
import type { Argument, Word } from './word.ts';
import { FILE_WORD, listWords } from './words.ts';

const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;
const DOCS = new URL('../../docs/language/', import.meta.url);
const EXAMPLES = new URL('../../examples/', import.meta.url);

/** The words that have a page: those of a file and of a stage, and `param`, which is explained once for two places. */
const STAGE = FILE_WORD.words['stage']?.words ?? {};
const WORDS = [...new Set([...Object.keys(FILE_WORD.words), ...Object.keys(STAGE), 'param'])];

const HEADING = '## Its words';

/** The end of a page, made from the compiler's own words: whatever the text above says, this is what is accepted. */
function writeTable(name: string): string {
  const places = [
    { path: '', word: FILE_WORD.words[name] },
    { path: 'stage › ', word: STAGE[name] },
    { path: 'pipeline › ', word: FILE_WORD.words['pipeline']?.words[name] },
  ].filter((place): place is { path: string; word: Word } => place.word !== undefined);
  const rows = places.flatMap(({ path, word }, index) => {
    // The words of a stage have pages of their own; a default of the pipeline is the very same word.
    const isKnown = name === 'stage' || places.findIndex((place) => place.word === word) < index;
    const inner = isKnown ? [] : listWords(word, `${path}${name}/`);
    return [writeRow(path + name, word), ...inner.map((one) => writeRow(one.path.replaceAll('/', ' › '), one.word))];
  });
  const executors = Object.hasOwn(STAGE, name)
    ? `\n${(['docker', 'process'] as const).map((one) => say(name, one)).join(' ')}\n`
    : '';
  return `${HEADING}\n\n| word | values | meaning |\n|---|---|---|\n${rows.join('\n')}\n${executors}`;
}

function writeRow(path: string, word: Word): string {
  return `| \`${path}\` | ${word.args.map(describeArgument).join(' ')} | ${word.summary.replaceAll('|', '\\|')} |`;
}

function describeArgument({ name, need, choices }: Argument): string {
  const shown = choices ? choices.map((one) => `\`${one}\``).join(' ') : name;
  return need === 'optional' ? `[${shown}]` : need === 'many' || need === 'any' ? `${shown}…` : shown;
}

function say(word: string, executor: FileExecutor): string {
  const support = supportOf(word, executor);
  switch (support.kind) {
    case 'yes':
      return `Works with executor \`${executor}\`.`;
    case 'refused':
      return `Refused with executor \`${executor}\`: ${support.reason}.`;
    case 'set-aside':
      return `Set aside with a notice with executor \`${executor}\`: ${support.reason}.`;
    default:
      throw new Error(`unknown support ${String(support satisfies never)}`);
  }
}

describe.each(WORDS)('the word %s', (name) => {
  const url = new URL(`${name}.md`, DOCS);

  it('has a page with an example and what goes wrong', () => {
    expect(existsSync(url)).toBe(true);
    const page = readFileSync(url, 'utf8');
    expect(page.startsWith(`# ${name}\n`)).toBe(true);
    const blocks = [...page.matchAll(/^```[a-z]*\n(.*?)^```/gms)].map((match) => match[1] ?? '');
    expect(blocks.some((block) => new RegExp(`\\b${name}\\b`).test(block))).toBe(true);
    expect(page).toContain('\n## What goes wrong\n');
  });

  it('has a table that is what the compiler accepts', () => {
    const page = readFileSync(url, 'utf8');
    const [text = ''] = page.split(`\n${HEADING}\n`);
    const made = `${text.trimEnd()}\n\n${writeTable(name)}`;
    if (UPDATE) writeFileSync(url, made);
    expect(UPDATE ? made : page).toBe(made);
  });
});

it('no page is about a word that is not there', () => {
  const pages = readdirSync(DOCS).map((file) => file.replace(/\.md$/, ''));
  expect(pages.filter((page) => page !== 'words' && !WORDS.includes(page))).toEqual([]);
});

it('every word stands in an example, all of which a test runs', () => {
  const used = new Set<string>();
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.kdl'));
  for (const file of files) {
    const problems = collectProblems(createSource(file, readFileSync(new URL(file, EXAMPLES), 'utf8')));
    const nodes = parseFile(problems);
    if (!nodes) continue;
    const top = shapeFile(problems, nodes);
    const templates = (top.words.get('template') ?? []).flatMap((template) => template.words.get('stage') ?? []);
    const inside = [...(top.words.get('stage') ?? []), ...(top.words.get('pipeline') ?? []), ...templates];
    for (const node of [top, ...inside]) for (const word of node.words.keys()) used.add(word);
  }
  expect(WORDS.filter((word) => !used.has(word))).toEqual([]);
});
