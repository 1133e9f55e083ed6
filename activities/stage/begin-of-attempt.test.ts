import { expect, test } from 'vitest';
import { beginOfAttempt } from './begin-of-attempt.ts';

const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'];

test('preparing the program counts', () => {
  expect(beginOfAttempt(early, late)).toBe(early);
  expect(beginOfAttempt(early, null)).toBe(early);
});

test('a worker that attaches takes the begin of the program', () => {
  expect(beginOfAttempt(late, early)).toBe(early);
});
