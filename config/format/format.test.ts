import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '#core/plan.ts';
import { compile } from '../pipeline/compile.ts';
import { LIMITS } from '../pipeline/guard.ts';
import { lexKdl } from '../pipeline/lexer.ts';
import { formatFile } from './format.ts';

const TOP = new URL('../../', import.meta.url);
const fixtures = ['config/testdata/', 'config/testdata/older/', 'examples/'].flatMap((folder) =>
  readdirSync(new URL(folder, TOP), { recursive: folder === 'examples/', encoding: 'utf8' })
    .filter((name) => name.endsWith('.kdl') && !name.includes('older/'))
    .map((name) => folder + name),
);
const read = (path: string) => readFileSync(new URL(path, TOP), 'utf8');

const git: Plan['git'] = {
  ...{ sha: 'a'.repeat(40), shortSha: 'aaaaaaa', branch: 'main', tag: null, ref: 'refs/heads/main' },
  ...{ message: 'm', author: 'Ann', base: null, dirty: false },
};

/** What the compiler says of a text, without the lines, which formatting may move. */
function outcome(text: string) {
  const facts = { git, trigger: 'local', pr: null, env: {} };
  const { plan, diagnostics } = compile({ file: 'x.kdl', text, facts, params: {}, executor: null, stages: [] });
  const nodes = JSON.stringify(plan?.nodes, (key, value: unknown) => (key === 'line' ? 0 : value));
  const said = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`)
    .toSorted();
  // What a growing run keeps of its file is the very text.
  return { plan: plan && { ...plan, nodes, digest: '', source: null }, said };
}

function format(text: string): string | null {
  const formatted = formatFile('x.kdl', text);
  return formatted.kind === 'formatted' ? formatted.text : null;
}

function commentsIn(text: string): string[] {
  const { tokens } = lexKdl(text, LIMITS.depth);
  const comments = tokens
    .filter(({ kind }) => kind === 'comment')
    .map(({ start, end }) => text.slice(start, end).trim());
  return comments.toSorted();
}

function countHidden(text: string): number {
  return lexKdl(text, LIMITS.depth).tokens.filter(({ kind }) => kind === 'slashdash').length;
}

describe.each(fixtures)('%s', (path) => {
  it('says the same when it is formatted, keeps its comments, and is formatted once for all', () => {
    const text = read(path);
    const formatted = format(text);
    if (formatted === null) {
      expect(outcome(text).plan).toBeNull();
      return;
    }
    expect(outcome(formatted)).toEqual(outcome(text));
    expect(commentsIn(formatted)).toEqual(commentsIn(text));
    expect(countHidden(formatted)).toBe(countHidden(text));
    expect(format(formatted)).toBe(formatted);
  });
});

it.each(fixtures.filter((path) => path.endsWith('.older.kdl')))('%s loses every older spelling', (path) => {
  const formatted = format(read(path)) ?? '';
  const { tokens } = lexKdl(formatted, LIMITS.depth);
  const bare = tokens.filter(({ kind }) => kind === 'bare').map(({ start, end }) => formatted.slice(start, end));
  expect(bare.filter((word) => /^(true|false|null)$/.test(word))).toEqual([]);
  expect(formatted).not.toMatch(/=\[| \[|[^$]\{[a-z.]+( \?\?|\})/);
});

it.each(fixtures.filter((path) => path.startsWith('examples/')))('%s is in the canonical spelling', (path) => {
  expect(format(read(path))).toBe(read(path));
});

it('a file that only fits without its indentation is refused', () => {
  const text = `stage "a" {\n${'run "x"\n'.repeat(9_000)}// ${'x'.repeat(LIMITS.bytes - 80_000)}\n}\n`;
  expect(formatFile('x.kdl', text)).toMatchObject({ kind: 'wrong', diagnostics: [{ code: 'KDL001' }] });
});

/** What people and machines may put between any two tokens. */
const PIECES = [
  ...[' ', '\n', '\r\n', '\n\n\n', '\t', ';', ' \\\n', ' \\ // b\n', '// l\n', '/* c */', '/* a\n b */', '/- ', '/-'],
  ...[
    ' true',
    ' x=null',
    ' needs=["a" "b"]',
    ' needs="c"',
    ' needs=[]',
    ' ["x" // y\n "z"]',
    ' {}',
    ' /- { y "{sha}" }',
  ],
  ...[
    ' "{sha} {x}"',
    ' when="{branch} == main"',
    ' """\n\t\tx\n\t\t  y\n\t\t"""',
    ' word',
    ' (t)"v"',
    ' "q"="v"',
    '\ufeff',
  ],
];

it('a file with anything put between its tokens keeps its meaning, comments and form', () => {
  const texts = fixtures.map(read).filter((text) => text.length < 3_000);
  const insertion = fc.tuple(fc.nat({ max: 10_000 }), fc.constantFrom(...PIECES));
  const mutated = fc.tuple(fc.constantFrom(...texts), fc.array(insertion, { minLength: 1, maxLength: 6 }));
  let formattedCount = 0;
  fc.assert(
    fc.property(mutated, ([text, insertions]) => {
      const { tokens } = lexKdl(text, LIMITS.depth);
      const places = insertions.map(([at, piece]) => ({
        at: tokens[at % Math.max(1, tokens.length)]?.start ?? 0,
        piece,
      }));
      const mixed = places
        .toSorted((a, b) => b.at - a.at)
        .reduce((whole, { at, piece }) => whole.slice(0, at) + piece + whole.slice(at), text);
      const formatted = format(mixed);
      if (formatted === null) return;
      formattedCount++;
      expect(format(formatted)).toBe(formatted);
      expect(commentsIn(formatted).map(unify)).toEqual(commentsIn(mixed).map(unify));
      expect(outcome(formatted)).toEqual(outcome(mixed));
    }),
    { numRuns: 400 },
  );
  expect(formattedCount).toBeGreaterThan(50);
}, 60_000);

function unify(comment: string): string {
  return comment.replaceAll('\r\n', '\n');
}
