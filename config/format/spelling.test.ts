import { expect, it } from 'vitest';
import { formatFile } from './format.ts';

/** What is written, and how it is written canonically; both without the last line break. */
const SPELLINGS: Record<string, [written: string, canonical: string]> = {
  'keywords of KDL 1': [
    'stage "a" allow-failure=true { manual false }',
    'stage "a" allow-failure=#true { manual #false }',
  ],
  'strings without quotes': [
    'stage a executor=docker { user app; retry limit=2 }',
    'stage "a" executor="docker" { user "app"; retry limit=2 }',
  ],
  'the older name of on': ['trigger push branches=["main"]', 'on "push" branches="main"'],
  'names in quotes': ['"stage" "a" "needs"="b"', 'stage "a" needs="b"'],
  'a list of several': ['stage "a" needs=["b" "c"] { run "x" }', 'stage "a" { needs "b" "c"; run "x" }'],
  'a list of one': ['stage "a" needs=["b"]', 'stage "a" needs="b"'],
  'a list of none': ['stage "a" needs=[] { artifacts []; run "x" }', 'stage "a" { run "x" }'],
  'a list as values': ['stage "a" { artifacts ["b" "c"] }', 'stage "a" { artifacts "b" "c" }'],
  'a hidden list': ['stage "a" /- needs=["b" "c"]', 'stage "a" { /- needs "b" "c" }'],
  'a property written twice': ['stage "a" needs="b" needs="c"', 'stage "a" { needs "b" "c" }'],
  'scripts as properties': ['stage "a" run="x" run="y"', 'stage "a" { run "x"; run "y" }'],
  'a list with comments': [
    'stage "a" needs=["b" // why b\n  /* and */ "c"]',
    'stage "a" {\n    needs "b" \\ // why b\n        /* and */ "c"\n}',
  ],
  'short references': [
    'stage "{branch}" { image "x:{tag ?? \'v\'}" }',
    'stage "${branch}" { image "x:${tag ?? \'v\'}" }',
  ],
  'what only looks like one': [
    'stage "a" { env "A" "{json} *.{js,ts} {{tag}} $${sha}" }',
    'stage "a" { env "A" "{json} *.{js,ts} {{tag}} $${sha}" }',
  ],
  'a script stays': ['stage "a" { run "echo {sha} ${tag} true" }', 'stage "a" { run "echo {sha} ${tag} true" }'],
  'a variable called run': ['stage "a" { env { run "{sha}" } }', 'stage "a" { env { run "${sha}" } }'],
  'the older condition': ['stage "a" { when "{branch} == main" }', 'stage "a" { when "git.branch == \'main\'" }'],
  'a condition in CEL': ['stage "a" { when "branch == \'main\'" }', 'stage "a" { when "branch == \'main\'" }'],
  'spaces and empty blocks': ['stage   "a"   needs = "b"  {  }', 'stage "a" needs="b" {}'],
  'indentation and blank lines': [
    'stage "a" {\n\n\trun "x"\n\n\n\trun "y"\n\n}',
    'stage "a" {\n    run "x"\n\n    run "y"\n}',
  ],
  'several lines in a string': [
    'stage "a" {\nrun """\n  x\n\n    y\n  """\n}',
    'stage "a" {\n    run """\n        x\n\n          y\n        """\n}',
  ],
  'comments wherever they stand': [
    '/* a */ stage "a" /* b */ needs /* c */ = "b" { // d\n// e\nrun "x" // f\n/* g */ }  // h\n// i',
    '/* a */ stage "a" /* b */ /* c */ needs="b" { // d\n    // e\n    run "x" // f\n    /* g */\n} // h\n// i',
  ],
  'what is hidden': [
    'stage "a" /-"b" /- needs="c" {\n/-run "x"\n}\n/- stage "d" { run }',
    'stage "a" /- "b" /- needs="c" {\n    /- run "x"\n}\n/- stage "d" { run }',
  ],
  'several nodes on a line': ['stage "a"; stage "b"', 'stage "a"\nstage "b"'],
  'a block that is too wide': [
    `stage "a" { run "${'x'.repeat(60)}"; run "${'y'.repeat(60)}" }`,
    `stage "a" {\n    run "${'x'.repeat(60)}"\n    run "${'y'.repeat(60)}"\n}`,
  ],
  'a continued line': ['stage "a" \\\n  needs="b" \\\n', 'stage "a" \\\n    needs="b"'],
};

it.each(Object.entries(SPELLINGS))('%s', (_name, [written, canonical]) => {
  expect(formatFile('x.kdl', `${written}\n`)).toEqual({ kind: 'formatted', text: `${canonical}\n` });
});

it('line ends of other systems become those of this one', () => {
  const text = 'stage "a" {\r\n  run """\r\n    x\r\n    """ // c\r\n}\r\n';
  expect(formatFile('x.kdl', text)).toEqual({
    kind: 'formatted',
    text: 'stage "a" {\n    run """\n        x\n        """ // c\n}\n',
  });
});

it('a text that does not parse is answered with what is wrong', () => {
  expect(formatFile('x.kdl', 'stage "a" {')).toMatchObject({ kind: 'wrong', diagnostics: [{ code: 'KDL005' }] });
  expect(formatFile('x.kdl', '')).toEqual({ kind: 'formatted', text: '' });
});
