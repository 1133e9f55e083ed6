import { expect, test } from 'vitest';
import { findNearest } from './nearest.ts';

const KNOWN = ['run', 'runs', 'validate', 'explain', 'why', 'doctor', 'cancel', 'retry', 'logs'];

test.each([
  ['validte', 'validate'],
  ['vlaidate', 'validate'],
  ['rnu', 'run'],
  ['doctro', 'doctor'],
  ['WHY', 'why'],
  ['cansel', 'cancel'],
])('%s is nearest to %s', (written, nearest) => {
  expect(findNearest(written, KNOWN)).toBe(nearest);
});

test.each(['deploy', 'x', 'zz', 'frobnicate'])('%s is near to nothing', (written) => {
  expect(findNearest(written, KNOWN)).toBeNull();
});
