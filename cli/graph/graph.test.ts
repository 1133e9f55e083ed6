import { describe, expect, test } from 'vitest';
import { compile } from '#config/pipeline/compile.ts';
import type { Plan } from '#core/plan.ts';
import type { StageObject } from '#core/rest.ts';
import { choosePaint } from '../terminal/color.ts';
import { chooseMarks } from '../terminal/glyph.ts';
import { measureWidth } from '../terminal/width.ts';
import { openHome } from '../testing/home.ts';
import { readStates } from './node-state.ts';
import { printDot } from './print-dot.ts';
import { printMermaid } from './print-mermaid.ts';
import { printText } from './print-text.ts';
import { drawGraph } from './shape.ts';

const SHOP = `pipeline "shop" { executor "process" }
stage "lint" { run "true" }
stage "test" { matrix { axis "node" "22" "24" }; run "true" }
stage "build" { needs "lint" "test"; run "true" }
stage "smoke" needs="test[node=24]" { run "true" }
gate "ship" needs="build" { approve from="team:sre" min=2; approve from="user:ann" }
stage "deploy" needs="ship" manual=#true { run "true" }
stage "undo" run-on="failure" { need "deploy" on="failed"; run "true" }
`;

function plan(text: string): Plan {
  const made = compile({ file: 'x.kdl', text, facts: null, params: {}, executor: null, stages: [] });
  if (!made.plan) throw new Error(JSON.stringify(made.diagnostics));
  return made.plan;
}

const paper = (columns: number | null) => ({
  paintOut: choosePaint(false),
  glyphOf: ({ glyph }: { glyph: string }) => glyph,
  marks: chooseMarks(true),
  columns: () => columns,
});

test('as text each node stands on its level with what it is and needs', () => {
  expect(printText(drawGraph(plan(SHOP)), new Map(), paper(null))).toBe(`shop  6 stages, 1 gate
1  lint
   test    2 legs
2  build   needs lint, test
   smoke   needs test[node=24]
3  ship    gate: team:sre 2, user:ann · needs build
4  deploy  gate before it: any member · needs ship
5  undo    runs on failure · needs deploy on failed
`);
});

test('no line is wider than the terminal', () => {
  const wide = plan(`pipeline "p" { executor "process" }
stage "${'long-'.repeat(15)}name" { run "true" }
stage "b" needs="${'long-'.repeat(15)}name" { run "true" }`);
  for (const columns of [40, 60, 200]) {
    const lines = printText(drawGraph(wide), new Map(), paper(columns)).split('\n');
    expect(Math.max(...lines.map(measureWidth))).toBeLessThanOrEqual(columns);
  }
});

test('of a run each node has its state, a matrix that of its worst leg', () => {
  const graph = drawGraph(plan(SHOP));
  const ended = (name: string, ending: string) =>
    ({ name, status: { kind: 'ended', ending, reason: null, at: '' } }) as StageObject;
  const states = readStates(graph.nodes, [
    ended('lint', 'passed'),
    ended('test[node=22]', 'failed'),
    ended('test[node=24]', 'passed'),
    ended('build', 'not-run'),
  ]);
  const text = printText(graph, states, paper(null));
  expect(text).toContain('✓ lint    passed\n');
  expect(text).toContain('✗ test    1 failed, 1 passed · 2 legs\n');
  expect(text).toContain('□ build   not-run · needs lint, test\n');
  expect(printDot(graph, states)).toContain('[label="test\\n2 legs\\n1 failed, 1 passed"]');
});

test('as DOT and Mermaid nodes, gates and edges are there', () => {
  const graph = drawGraph(plan(SHOP));
  const dot = printDot(graph, new Map());
  expect(dot).toContain('digraph "shop" {');
  expect(dot).toContain('n5 [label="ship\\ngate: team:sre 2, user:ann", shape=diamond];');
  expect(dot).toContain('n2 -> n3;\n');
  expect(dot).toContain('n6 -> n7 [label="failed"];');
  const mermaid = printMermaid(graph, new Map());
  expect(mermaid).toContain('n2["test<br/>2 legs"]');
  expect(mermaid).toContain('n5{"ship<br/>gate: team:sre 2, user:ann"}');
  expect(mermaid).toContain('n6 -->|failed| n7');
});

describe('names that are code elsewhere', () => {
  const HOSTILE = [
    ...['"];evil [label="x', 'a\\', 'a\\" -> b', '<b>x</b>', '`md`', '%%{init: {}}%%', 'a\nb -> c', '#quot;', 'end'],
    ...['\u001b[2Jx', 'x"]:::c', '${x}', '\\N\\G', 'subgraph x', '日本語', '&amp;', '__proto__', ';n1 --> n2'],
  ];
  const base = plan(SHOP);
  const hostile = (name: string): Plan => {
    const nodes = base.nodes.map((node) =>
      node.kind === 'gate'
        ? { ...node, name, gate: { ...node.gate, approve: [{ from: `user:${name}`, min: 1 }] } }
        : { ...node, needs: node.needs.map((need) => (need.to === 'ship' ? { ...need, to: name } : need)) },
    );
    return { ...base, pipeline: { name }, nodes };
  };

  test.each(HOSTILE)('%j stays data in DOT', (name) => {
    const lines = printDot(drawGraph(hostile(name)), new Map()).split('\n');
    const label = String.raw`"(?:[^"\\\p{Cc}]|\\["\\n])*"`;
    const allowed = new RegExp(
      String.raw`^(digraph ${label} \{|  rankdir=LR;|  node \[shape=box\];|  n\d+ \[label=${label}(, shape=diamond)?\];|  n\d+ -> n\d+( \[label="\w+"\])?;|\}|)$`,
      'u',
    );
    for (const line of lines) expect(line).toMatch(allowed);
    expect(lines.filter((line) => line.includes('shape=diamond'))).toHaveLength(1);
    expect(lines.filter((line) => /^  n\d+ -> /.test(line))).toHaveLength(6);
  });

  test.each(HOSTILE)('%j stays data in Mermaid', (name) => {
    const lines = printMermaid(drawGraph(hostile(name)), new Map()).split('\n');
    const label = String.raw`"(?:[\p{L}\p{N} _.,:/-]|#\d+;|<br/>)*"`;
    const allowed = new RegExp(
      String.raw`^(flowchart LR|  n\d+(\[${label}\]|\{${label}\})|  n\d+ -->(\|\w+\|)? n\d+|)$`,
      'u',
    );
    for (const line of lines) expect(line).toMatch(allowed);
  });

  test.each(HOSTILE)('%j moves no cursor in text', (name) => {
    const text = printText(drawGraph(hostile(name)), new Map(), paper(null));
    expect(text.split('\n')).toHaveLength(9);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

test('the command draws a file, and says what is wrong with one', async () => {
  const home = openHome();
  home.write('.buildit.kdl', SHOP);
  home.write('wrong.kdl', 'stage "a" { runs "x" }\n');
  expect(await home.run(['graph'])).toMatchObject({ exit: 0, stdout: expect.stringContaining('1  lint\n') });
  expect((await home.run(['graph', '--format', 'mermaid', '.buildit.kdl'])).stdout).toMatch(/^flowchart LR\n/);
  expect(await home.run(['graph', 'wrong.kdl'])).toMatchObject({ exit: 2, stdout: '' });
  expect(await home.run(['graph', '--format', 'svg'])).toMatchObject({ exit: 2 });
  await home.close();
});
