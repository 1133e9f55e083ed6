import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from './compile.ts';
import { explainFile } from './explain.ts';
import type { ImportReader } from './reuse/import-reader.ts';

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

it('what a stage has from a template says where it stands, with the values that it is given', () => {
  const text = `import "ci/base.kdl"
on "push" branches="main"
template "node" {
    param "version" default="24"
    stage uses="base" { with "who" "node-\${params.version}"; image "node:\${params.version}"; env "A" "template" }
}
stage "build" uses="node" {
    with "version" "\${matrix.v}"
    matrix { axis "v" "22" }
    env "B" "own"
}
`;
  const base = 'template "base" {\n    param "who"\n    stage { env "WHO" "${params.who}"; run "make" }\n}\n';
  const imports: ImportReader = () => ({ kind: 'text', file: 'ci/base.kdl', text: base, isForeign: false });
  expect(explainFile('x.kdl', text, null, imports)).toEqual({
    kind: 'explained',
    text: `on "push" branches="main" // line 2

stage "build" { // line 7
    run "make" // ci/base.kdl:3
    image "node:\${matrix.v}" // line 5
    matrix { // line 9
        axis "v" "22"
    }
    env "WHO" "node-\${matrix.v}" // ci/base.kdl:3
    env "A" "template" // line 5
    env "B" "own" // line 10
    executor "docker" // built-in default
    shell "sh" "-e" // built-in default
    grace "10s" // built-in default
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
