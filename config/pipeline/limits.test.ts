import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from './compile.ts';
import { LIMITS } from './guard.ts';

function check(text: string) {
  return compile({ file: 'x.kdl', text, facts: null, params: {}, executor: 'process', stages: [] });
}

function codes(text: string): string[] {
  return [...new Set(check(text).diagnostics.map((one) => one.code))];
}

const fill = (piece: string) => piece.repeat(Math.floor(LIMITS.bytes / new TextEncoder().encode(piece).length));

const numbers = (count: number) => Array.from({ length: count }, (_, one) => `"${one}"`).join(' ');

/** Texts of 256 KiB that make parsers slow; each is answered well below the test's limit. */
const HOSTILE: Readonly<Record<string, string>> = {
  hashes: fill('#'),
  'hashes between spaces': fill('# '),
  'raw strings that never close': fill('#"'),
  'long raw strings that never close': fill('#"""'),
  quotes: fill('"'),
  'open blocks': fill('a{'),
  'closed blocks': fill('}'),
  'nested comments': fill('/*'),
  'comment ends': fill('*/'),
  slashes: fill('/'),
  slashdashes: fill('/-'),
  nodes: fill('a\n'),
  'nodes on one line': fill('a;'),
  'one node with many arguments': `a ${fill('1 ').slice(4)}`,
  'many nodes with arguments': fill(`a${' 1'.repeat(1_000)}\n`),
  'many properties': fill(`a${' b=1'.repeat(500)}\n`),
  'line breaks': fill('\n'),
  spaces: fill(' '),
  backslashes: fill('\\'),
  'continued lines': fill('\\\n'),
  'list literals': fill('a=['),
  'one list literal': `a [${fill('1 ').slice(8)}]`,
  parentheses: fill('('),
  'type annotations': fill('(a)'),
  equals: fill('='),
  'one long word': fill('a'),
  'one long string': `a "${fill('x').slice(8)}"`,
  escapes: `a "${fill('\\n').slice(8)}"`,
  'multi-line strings': `a """\n${fill('x\n').slice(16)}"""`,
  'byte order marks': fill('\ufeff'),
  'lone surrogates': fill('\ud800').slice(0, 80_000),
  NULs: fill('\0'),
  'references in a name': `stage "${fill('${git.sha}').slice(30)}" { run "x" }`,
  'references in a script': `stage "a" { run "${fill('echo ${git.sha};').slice(60)}" }`,
  'references in a broken script': `stage "a" { run "${fill("echo '${git.sha} ").slice(60)}" }`,
  'quotes in a script': `stage "a" { run "\${git.sha} ${fill("'").slice(60)}" }`,
  'substitutions in a script': `stage "a" { run "\${git.sha} ${fill('$(').slice(60)}" }`,
  'parameters in a script': `stage "a" { run "\${git.sha} ${fill('${a:-').slice(60)}" }`,
  'pipes in a script': `stage "a" { run "echo \${git.sha} ${fill('| sh ').slice(60)}" }`,
  'here-documents in a script': `stage "a" { run "echo \${git.sha}\\n${fill('cat <<E\\n').slice(60)}" }`,
  'words in a script': `stage "a" { run "echo \${git.sha} ${fill('docker ').slice(60)}" }`,
  'braces in a condition': `stage "a" { run "x"; when "${fill('{a').slice(60)}" }`,
  'nots in a condition': `stage "a" { run "x"; when "${fill('!').slice(60)}true" }`,
  'parentheses in a condition': `stage "a" { run "x"; when "${'('.repeat(4_000)}" }`,
  'a script in 256 legs': `stage "a" { run "${fill('echo ${git.sha};').slice(4_000)}"; matrix { axis "x" ${numbers(256)} } }`,
  'a variable in 256 legs': `stage "a" { run "x"; env "A" "${fill('${git.sha}').slice(4_000)}"; matrix { axis "x" ${numbers(256)} } }`,
  'variables in 500 stages':
    `pipeline "p" { env { ${Array.from({ length: 9_000 }, (_, one) => `A${one} "$\{stage.index}";`).join('')} } }
${Array.from({ length: 500 }, (_, one) => `stage "s${one}" { run "x" }`).join('\n')}`.slice(0, LIMITS.bytes),
  'a pattern': `stage "a" { run "x"; retry log-match="${'(a*)*'.repeat(200)}" }`,
};

it.each(Object.keys(HOSTILE))('256 KiB of %s is answered with diagnostics', { timeout: 10_000 }, (name) => {
  const { plan, diagnostics } = check(HOSTILE[name] ?? '');
  expect(plan === null ? diagnostics.length : 1).toBeGreaterThan(0);
});

it('a file above 256 KiB is not read', () => {
  expect(codes(`// ${'x'.repeat(LIMITS.bytes)}`)).toEqual(['KDL001']);
  expect(codes(`// ${'é'.repeat(LIMITS.bytes / 2)}`)).toEqual(['KDL001']);
});

it('depth is limited for blocks and comments alike', () => {
  expect(codes(`${'a { '.repeat(65)}${'}'.repeat(65)}`)).toEqual(['KDL002']);
  expect(codes(`${'/*'.repeat(65)}${'*/'.repeat(65)}`)).toEqual(['KDL002']);
});

it('entries of a node and of a file are limited', () => {
  expect(codes(`a ${'1 '.repeat(LIMITS.entriesPerNode + 1)}`)).toEqual(['KDL003']);
  expect(codes('a 1 2 3\n'.repeat(LIMITS.entries / 3 + 1))).toEqual(['KDL003']);
  expect(codes('a\n'.repeat(LIMITS.nodes + 1))).toEqual(['KDL003']);
});

it('a plan has at most 5,000 stages, legs and gates', () => {
  const values = Array.from({ length: 250 }, (_, index) => `"${index}"`).join(' ');
  const matrix = (name: string) => `stage "${name}" { run "true"; matrix { axis "x" ${values} } }`;
  const legs = Array.from({ length: 20 }, (_, index) => matrix(`s${index}`));
  expect(check(legs.join('\n')).plan?.nodes).toHaveLength(5_000);
  expect(codes([...legs, 'stage "one" { run "true" }'].join('\n'))).toEqual(['KDL023']);
});

it('a plan has at most 100,000 edges', () => {
  const values = Array.from({ length: 250 }, (_, index) => `"${index}"`).join(' ');
  const legs = ['', 'needs="s0"', 'needs="s1"'].map(
    (word, index) => `stage "s${index}" ${word} { run "true"; matrix { axis "x" ${values} } }`,
  );
  expect(check(legs.slice(0, 2).join('\n')).plan?.nodes).toHaveLength(500);
  expect(codes(legs.join('\n'))).toEqual(['KDL023']);
});

it('no text makes the compiler throw', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'stage "a" {|}|run "x"|"|#"|"#|"""|\n|;|needs="a"|[|]|=|(|)|/-|/*|*/|//|\\|true|#true|${|$${git.sha}|${stages.a.outputs.x}|matrix { axis "x" "1" }|when "|gate "g"|env|\0|\u{1f600}'.split(
        '|',
      ),
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const { plan, diagnostics } = check(pieces.join(' '));
      expect(plan !== null || diagnostics.length > 0).toBe(true);
      for (const { span } of diagnostics) expect(span.start.offset).toBeLessThanOrEqual(span.end.offset);
    }),
    { numRuns: 500 },
  );
});
