import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFile } from '../format/format.ts';
import { compile } from './compile.ts';
import { explainFile } from './explain.ts';
import { LIMITS } from './guard.ts';
import type { ImportReader } from './reuse/import-reader.ts';
import type { Word } from './word.ts';
import { FILE_WORD } from './words.ts';

/**
 * Whatever the text: no crash, no hang, nothing said without a place. For seconds by hand, for half a minute in continuous
 * integration; `BUILDIT_FUZZ_MINUTES=60` goes on for an hour. `BUILDIT_FUZZ_SEED` begins where another run did;
 * fast-check prints the seed of what fails.
 */
const MINUTES = Number(process.env['BUILDIT_FUZZ_MINUTES'] ?? (process.env['CI'] === 'true' ? 0.5 : 0));
const SEED = Number(process.env['BUILDIT_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Texts of each kind in the suite; with minutes, as many as there is time for. */
const COUNT = 250;
const FACTS = { git: null, trigger: 'local', pr: null, env: {} };

const TESTDATA = new URL('../testdata/', import.meta.url);
const EXAMPLES = new URL('../../examples/', import.meta.url);

const SEEDS = [TESTDATA, EXAMPLES].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.kdl') && !name.endsWith('folder.kdl'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8')),
);

/** Imports any of the fixtures, whatever is asked for. */
const imports: ImportReader = (_from, target) =>
  target.path.length % 3 === 0
    ? { kind: 'refused', message: 'not this one' }
    : {
        kind: 'text',
        file: `f${target.path.length % 5}.kdl`,
        text: SEEDS[target.path.length % SEEDS.length] ?? '',
        isForeign: target.kind === 'library',
      };

function check(text: string): void {
  for (const facts of [FACTS, null]) {
    const input = { file: 'x.kdl', text, facts, params: {}, executor: null, stages: [], imports };
    const { plan, diagnostics, texts } = compile(input);
    expect(plan !== null || diagnostics.some((one) => one.severity === 'error')).toBe(true);
    if (plan) expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    const lengths = new Map([...Object.entries(texts), ['x.kdl', text]].map(([name, one]) => [name, one?.length ?? 0]));
    for (const one of diagnostics) {
      for (const { file, span } of [one, ...one.related]) {
        const length = lengths.get(file);
        expect(length, `${one.code} is about ${file}`).toBeDefined();
        expect(span.start.offset).toBeGreaterThanOrEqual(0);
        expect(span.end.offset).toBeGreaterThanOrEqual(span.start.offset);
        expect(span.end.offset).toBeLessThanOrEqual(length ?? 0);
        expect(Number.isInteger(span.start.line) && span.start.line >= 1).toBe(true);
      }
      expect(one.message).not.toBe('');
    }
  }
  explainFile('x.kdl', text, null, imports);
  formatFile('x.kdl', text);
}

const bytes = fc.uint8Array({ maxLength: 400 }).map((one) => new TextDecoder().decode(one));

/** Fixtures with pieces taken out, doubled, swapped between files, and strange characters put in. */
const STRANGE = [
  ...['"', '{', '}', '[', ']', '\\', '/-', '/*', '*/', '//', '#', '=', ';', '\n', '\r', '\r\n', '\t', '\0', '(', ')'],
  ...['\u202e', '\u2066', '\ufeff', '\ud800', '\u{1f600}', '__proto__', 'constructor', '${', '$${', '{branch}', '"""'],
  ...[
    '#"',
    '"#',
    '-',
    '..',
    '/',
    '#true',
    '#null',
    '1e999',
    '0x',
    '${params.x}',
    '${stages.a.outputs.b}',
    '${matrix.a}',
  ],
];

const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.constantFrom(...SEEDS),
    fc.array(
      fc.record({
        kind: fc.constantFrom('cut', 'double', 'insert', 'graft'),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat({ max: 60 }),
        piece: fc.constantFrom(...STRANGE),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([seed, other, edits]) =>
    edits.reduce((text, { kind, at, length, piece }) => {
      const start = Math.floor(at * text.length);
      const cut = text.slice(start, start + length);
      if (kind === 'cut') return text.slice(0, start) + text.slice(start + length);
      const put = kind === 'double' ? cut + cut : kind === 'insert' ? piece : other.slice(start, start + length * 5);
      return text.slice(0, start) + put + text.slice(start);
    }, seed),
  );

const NAMES = [
  'a',
  'b',
  '__proto__',
  'a b',
  '',
  'x/y',
  '../x',
  'a\r\nb',
  '\u202eb',
  'constructor',
  '${matrix.m}',
  'test[x=1]',
];
const VALUES = [
  ...NAMES,
  '5m',
  '1GiB',
  '1',
  '-1',
  'success',
  'any',
  'team:x',
  'docker',
  'process',
  '${git.sha}',
  '${params.p}',
  '* * * * *',
  '**',
  '!a',
  'true',
  "git.branch == 'a'",
  'ci/x.kdl',
  'org/lib',
];

/** A tree made of the language's own words, in places where they belong and where they do not. */
function tree(word: Word, depth: number): fc.Arbitrary<string> {
  const names = Object.keys(word.words);
  const name = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...(names.length > 0 ? names : ['x'])) },
    { weight: 1, arbitrary: fc.constantFrom('x', '__proto__', 'run') },
  );
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...VALUES).map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.constantFrom('#true', '#false', '#null', '1', '2.5', '-3', '1e400') },
  );
  return name.chain((one) => {
    const inner = Object.hasOwn(word.words, one) ? word.words[one] : word.open;
    const values = fc.array(value, { minLength: inner?.args.length ? 1 : 0, maxLength: (inner?.args.length ?? 0) + 1 });
    const children =
      inner && depth < 4 && Object.keys(inner.words).length + (inner.open ? 1 : 0) > 0
        ? fc.array(tree(inner, depth + 1), { maxLength: depth === 0 ? 6 : 3 })
        : fc.constant([]);
    return fc.tuple(values, children).map(([args, block]) => {
      const head = [one, ...args].join(' ');
      return block.length > 0 ? `${head} {\n${block.join('\n')}\n}` : head;
    });
  });
}

const trees = fc.array(tree(FILE_WORD, 0), { maxLength: 8 }).map((nodes) => nodes.join('\n'));

function fuzz(text: fc.Arbitrary<string>): void {
  const limit =
    MINUTES > 0 ? { numRuns: 2 ** 31 - 1, interruptAfterTimeLimit: (MINUTES * 60_000) / 3 } : { numRuns: COUNT };
  fc.assert(fc.property(text, check), { seed: SEED, ...limit });
}

describe('without a crash, and with a place for everything that is said', () => {
  const timeout = MINUTES > 0 ? MINUTES * 60_000 + 60_000 : 60_000;
  it('random bytes', { timeout }, () => fuzz(bytes));
  it('fixtures that were changed', { timeout }, () => fuzz(mutated));
  it('trees of words', { timeout }, () => fuzz(trees));
});

/** Bad input that somebody will send: each is refused, at its place. */
const HOSTILE: Record<string, [text: string, code: string]> = {
  'a stage called __proto__': ['stage "__proto__" executor="process" { run "x" }', 'KDL015'],
  'a parameter called __proto__': [
    'pipeline "p" { param "__proto__" }\nstage "a" executor="process" { run "x" }',
    'KDL015',
  ],
  'a variable called __proto__': ['stage "a" executor="process" { env "__proto__" "x"; run "x" }', 'KDL015'],
  'a word called __proto__': ['stage "a" executor="process" { run "x"; __proto__ "y" }', 'KDL006'],
  'a property called constructor': ['stage "a" executor="process" constructor="x" { run "x" }', 'KDL006'],
  'a template called __proto__': ['template "__proto__" { stage { run "x" } }\nstage "a" uses="__proto__"', 'KDL015'],
  'an axis called __proto__': ['stage "a" executor="process" { run "x"; matrix { axis "__proto__" "1" } }', 'KDL015'],
  'two stages of one name': [
    'stage "a" executor="process" { run "x" }\nstage "a" executor="process" { run "x" }',
    'KDL011',
  ],
  'a line of 10 MB': [`stage "a" { run "${'x'.repeat(10 * 1024 * 1024)}" }`, 'KDL001'],
  'a line break in a name': ['stage "a\\r\\nb" executor="process" { run "x" }', 'KDL015'],
  'a name that turns the text': ['stage "a\\u{202e}b" executor="process" { run "x" }', 'KDL015'],
  'a line break in an artifact': ['stage "a" executor="process" { run "x"; artifact "a\\nb" { path "x" } }', 'KDL015'],
  'an artifact called ..': ['stage "a" executor="process" { run "x"; artifact ".." { path "x" } }', 'KDL015'],
  'an artifact with .. in its name': [
    'stage "a" executor="process" { run "x"; artifact "../a" { path "x" } }',
    'KDL015',
  ],
  'an artifact outside the workspace': [
    'stage "a" executor="process" { run "x"; artifacts "../../etc/passwd" }',
    'KDL014',
  ],
  'a cache outside the workspace': [
    'stage "a" executor="process" { run "x"; cache { path "../x"; key "k" } }',
    'KDL014',
  ],
  'a cache at the top of the machine': [
    'stage "a" executor="process" { run "x"; cache { path "/etc"; key "k" } }',
    'KDL014',
  ],
  'a report outside the workspace': ['stage "a" executor="process" { run "x"; report "junit" "/etc/*" }', 'KDL014'],
};

it.each(Object.keys(HOSTILE))('%s is refused at its place', (name) => {
  const [text = '', code = ''] = HOSTILE[name] ?? [];
  const { plan, diagnostics } = compile({ file: 'x.kdl', text, facts: FACTS, params: {}, executor: null, stages: [] });
  expect(plan).toBeNull();
  const found = diagnostics.find((one) => one.code === code);
  expect(found, JSON.stringify(diagnostics.map((one) => [one.code, one.message.slice(0, 80)]))).toBeDefined();
  if (code !== 'KDL001') expect(found?.span.end.offset).toBeLessThan(text.length);
});

it('as deep and as wide as the limits allow is answered', () => {
  check(`${'stage "a" { '.repeat(LIMITS.depth)}${'}'.repeat(LIMITS.depth)}`);
  check(`stage "a" executor="process" { run "x"; needs ${'"b" '.repeat(LIMITS.entriesPerNode - 1)} }`);
  check(Array.from({ length: 300 }, (_, one) => `template "t${one}" { stage uses="t${one + 1}" }`).join('\n'));
  check(
    Array.from({ length: 500 }, (_, one) => `stage "s${one}" uses="t" executor="process"`).join('\n') +
      '\ntemplate "t" { stage { run "x"; env { A "1"; B "2" } } }',
  );
});
