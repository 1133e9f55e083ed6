import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['30m', 1_800_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1_500],
  ['250ms', 250],
  ['2w', 1_209_600_000],
])('%s is %d milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '5', 'm', '5 m', '5y', '-3s', '1h-2m', 'h1'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});

test.each([
  [300, '0.3s'],
  [18_200, '18.2s'],
  [180_000, '3m 00s'],
  [3_840_000, '1h 04m'],
  [183_600_000, '2d 3h'],
])('%d milliseconds read %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
