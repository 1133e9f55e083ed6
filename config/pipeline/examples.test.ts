import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from './compile.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);
const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.kdl'));

it.each(files)('examples/%s compiles without a word', (name) => {
  const text = readFileSync(new URL(name, EXAMPLES), 'utf8');
  const facts = { git: null, trigger: 'local', pr: null, env: {} };
  const { plan, diagnostics } = compile({ file: name, text, facts, params: {}, executor: null, stages: [] });
  expect(diagnostics).toEqual([]);
  expect(plan?.nodes.length).toBeGreaterThan(0);
});

it('every example of the list is there', () => {
  const wanted = ['hello', 'echo', 'matrix', 'outputs', 'artifacts', 'cache', 'gate', 'retry-and-timeout', 'finally', 'generate'];
  expect(files.toSorted()).toEqual([...wanted.map((name) => `${name}.kdl`), 'real/.buildit.kdl'].toSorted());
});
