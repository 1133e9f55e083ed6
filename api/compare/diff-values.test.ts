import { expect, test } from 'vitest';
import { diffValues } from './diff-values.ts';

test('what differs is told at its place, things of a list by their name', () => {
  const base = { CI: '1', TAG: { parts: ['v', { ref: 'run.number' }] }, OLD: 'x' };
  expect(diffValues('env', base, { CI: '2', TAG: { parts: ['v', { ref: 'run.id' }] } })).toEqual([
    { property: 'env.CI', base: '1', head: '2' },
    { property: 'env.TAG', base: 'v${run.number}', head: 'v${run.id}' },
    { property: 'env.OLD', base: 'x', head: null },
  ]);
  const needs = [
    { to: 'a', on: 'success' },
    { to: 'b', on: 'success' },
  ];
  expect(diffValues('needs', needs, [{ to: 'b', on: 'any' }])).toEqual([
    { property: 'needs[b].on', base: 'success', head: 'any' },
    { property: 'needs[a]', base: { to: 'a', on: 'success' }, head: null },
  ]);
});

test('steps are paired by their place, and what has another shape is told whole', () => {
  const steps = (...scripts: string[]) => scripts.map((script) => ({ script }));
  expect(diffValues('steps', steps('make'), steps('make all', 'make check'))).toEqual([
    { property: 'steps[1].script', base: 'make', head: 'make all' },
    { property: 'steps[2]', base: null, head: { script: 'make check' } },
  ]);
  expect(diffValues('timeoutMs', null, 5)).toEqual([{ property: 'timeoutMs', base: null, head: 5 }]);
  expect(diffValues('allowFailure', 'any', [1])).toEqual([{ property: 'allowFailure', base: 'any', head: [1] }]);
  expect(diffValues('steps', steps('make'), steps('make'))).toEqual([]);
});
