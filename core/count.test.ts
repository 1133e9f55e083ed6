import { expect, test } from 'vitest';
import { writeTotal } from './count.ts';

test('a total is exact up to ten thousand', () => {
  expect([0, 999, 10_000, 10_001].map(writeTotal)).toEqual(['0', '999', '10,000', '10,000+']);
});
