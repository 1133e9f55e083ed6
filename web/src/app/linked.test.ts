import { expect, test } from 'vitest';
import { readPart } from './linked.ts';

test.each([
  ['', ''],
  ['#weight', 'weight'],
  ['#two%20words', 'two words'],
  ['#100%', '100%'],
  ['#%zz', '%zz'],
])('%s names "%s"', (hash, part) => {
  expect(readPart(hash)).toBe(part);
});
