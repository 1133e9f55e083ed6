import { expect, test } from 'vitest';
import { describePull } from './image-pull.ts';

test.each([
  [41_900_000, 120_000_000, 'pulling image node:24, 41 of 120 MB'],
  [0, 120_000_000, 'pulling image node:24, 0 of 120 MB'],
  [900_000, 4_200_000, 'pulling image node:24, 900 of 4200 kB'],
  [1_999_999_999, 12_000_000_000, 'pulling image node:24, 1 of 12 GB'],
  [5, 9, 'pulling image node:24, 5 of 9 B'],
  [41_900_000, null, 'pulling image node:24, 41 MB'],
  [0, null, 'pulling image node:24'],
])('%i of %s bytes are told as %s', (done, total, message) => {
  expect(describePull({ ref: 'node:24', done, total })).toMatchObject({ code: 'image-pull', message });
});
