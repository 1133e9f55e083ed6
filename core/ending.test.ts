import { expect, test } from 'vitest';
import { ENDINGS, isFailure, isSuccess, worstEnding } from './ending.ts';

test('a run ends as its worst stage does', () => {
  expect(worstEnding(['passed', 'failed', 'errored'], false)).toBe('errored');
  expect(worstEnding(['rejected', 'timed-out'], false)).toBe('timed-out');
  expect(worstEnding(['soft-failed', 'skipped'], false)).toBe('soft-failed');
  expect(worstEnding(['skipped', 'not-run'], false)).toBe('passed');
  expect(worstEnding(['failed'], true)).toBe('cancelled');
});

test('no ending is both a success and a failure', () => {
  expect(ENDINGS.filter((ending) => isSuccess(ending) && isFailure(ending))).toEqual([]);
  expect(ENDINGS.filter((ending) => !isSuccess(ending) && !isFailure(ending))).toEqual(['cancelled', 'not-run']);
});
