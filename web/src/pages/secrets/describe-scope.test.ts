import { expect, test } from 'vitest';
import { findOverdueDays, isUnused } from './describe-scope.ts';

const DAY = 24 * 3_600_000;
const NOW = Date.parse('2026-05-01T00:00:00Z');
const ago = (days: number) => new Date(NOW - days * DAY).toISOString();

test('a secret is unused when neither a stage nor a person has touched it for 90 days', () => {
  const used = (days: number) => ({ at: ago(days), run: null, stage: 'ship' });
  expect(isUnused({ setAt: ago(91), lastUsed: null }, NOW)).toBe(true);
  expect(isUnused({ setAt: ago(89), lastUsed: null }, NOW)).toBe(false);
  expect(isUnused({ setAt: ago(400), lastUsed: used(89) }, NOW)).toBe(false);
  expect(isUnused({ setAt: ago(400), lastUsed: used(91) }, NOW)).toBe(true);
});

test('a value older than its rule is so many whole days over', () => {
  expect(findOverdueDays({ setAt: ago(100), rotateDays: null }, NOW)).toBeNull();
  expect(findOverdueDays({ setAt: ago(30), rotateDays: 30 }, NOW)).toBeNull();
  expect(findOverdueDays({ setAt: ago(30.5), rotateDays: 30 }, NOW)).toBe(0);
  expect(findOverdueDays({ setAt: ago(33), rotateDays: 30 }, NOW)).toBe(3);
});
