import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from './compile.ts';
import { explainFile } from './explain.ts';

const TEXT = `pipeline "shop" timeout="1h" {
    image "busybox:1.37" pull="never"
    env { A "1"; B "2" }
    retry limit=2
}
stage "build" {
    run "make \\"all\\""
}
`;

it('every line says where it comes from', () => {
  const text = TEXT.replace('    run', '    env "B" "own"\n    grace "30s"\n    run');
  expect(explainFile('x.kdl', text, null)).toEqual({
    kind: 'explained',
    text: `pipeline "shop" { // line 1
    timeout "1h" // line 1
}

stage "build" { // line 6
    grace "30s" // line 8
    run "make \\"all\\"" // line 9
    env "A" "1" // pipeline default, line 3
    env "B" "own" // line 7
    image "busybox:1.37" pull="never" // pipeline default, line 2
    retry limit=2 // pipeline default, line 4
    executor "docker" // built-in default
    shell "sh" "-e" // built-in default
    run-on "success" // built-in default
}
`,
  });
});

it('an unknown stage gets the nearest name, a wrong file its diagnostics', () => {
  expect(explainFile('x.kdl', TEXT, 'biuld')).toEqual({ kind: 'unknown-stage', hint: 'did you mean "build"?' });
  expect(explainFile('x.kdl', 'stage', null)).toMatchObject({ kind: 'wrong', diagnostics: [{ code: 'KDL009' }] });
});

const EXAMPLES = new URL('../../examples/', import.meta.url);

it.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.kdl')))('%s explained is a file again', (name) => {
  const explained = explainFile(name, readFileSync(new URL(name, EXAMPLES), 'utf8'), null);
  const text = explained.kind === 'explained' ? explained.text : '';
  const { diagnostics } = compile({ file: name, text, facts: null, params: {}, executor: null, stages: [] });
  expect(diagnostics).toEqual([]);
});
