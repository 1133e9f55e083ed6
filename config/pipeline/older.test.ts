import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { GitFacts } from '#core/plan.ts';
import { compile } from './compile.ts';

const FOLDER = new URL('../testdata/older/', import.meta.url);
const pairs = readdirSync(FOLDER).filter((name) => name.endsWith('.older.kdl'));

const git: GitFacts = {
  sha: 'a'.repeat(40),
  shortSha: 'aaaaaaa',
  branch: 'main',
  tag: null,
  ref: 'refs/heads/main',
  message: 'm',
  author: 'Ann',
  base: null,
  dirty: false,
};

function plan(name: string) {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  const facts = { git, trigger: 'local', pr: null, env: {} };
  const output = compile({ file: 'x.kdl', text, facts, params: {}, executor: null, stages: [] });
  expect(output.diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  return output.plan;
}

it.each(pairs)('%s means the same as its canonical spelling', (older) => {
  expect(plan(older)).toEqual(plan(older.replace('.older', '')));
});
