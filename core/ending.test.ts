import { expect, test } from 'vitest';
import { ENDINGS, isFailure, isSuccess, worstEnding } from './ending.ts';

test('a run ends as its worst stage does', () => {
  expect(worstEnding(['passed', 'failed', 'errored'], null)).toBe('errored');
  expect(worstEnding(['rejected', 'timed-out'], null)).toBe('timed-out');
  expect(worstEnding(['soft-failed', 'skipped'], null)).toBe('soft-failed');
  expect(worstEnding(['skipped', 'not-run'], null)).toBe('passed');
  expect(worstEnding(['failed'], 'cancelled')).toBe('cancelled');
});

test('a run whose time limit expired is never green', () => {
  expect(worstEnding(['passed', 'not-run'], 'timed-out')).toBe('timed-out');
  expect(worstEnding(['failed'], 'timed-out')).toBe('failed');
});

test('no ending is both a success and a failure', () => {
  expect(ENDINGS.filter((ending) => isSuccess(ending) && isFailure(ending))).toEqual([]);
  expect(ENDINGS.filter((ending) => !isSuccess(ending) && !isFailure(ending))).toEqual(['cancelled', 'not-run']);
});
