import { expect, test } from 'vitest';
import { fillFromRun } from './fill-from-run.ts';

test('fields hold what the run had, as they take it, as far as the file still asks for it', () => {
  const run = { branch: 'main', params: { version: '1.2', fast: true, count: 3, on: ['a', 'b'], gone: 'x' } };
  const declared = ['version', 'fast', 'count', 'on', 'fresh'].map((name) => ({ name }));
  expect(fillFromRun(run, declared)).toEqual({
    branch: 'main',
    values: { version: '1.2', fast: 'true', count: '3', on: 'a,b' },
  });
  expect(fillFromRun({ branch: null, params: {} }, declared)).toEqual({ branch: '', values: {} });
});
