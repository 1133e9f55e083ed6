import { expect, test } from 'vitest';
import { formatBytes } from './format-bytes.ts';
import { describeAge } from './moment.tsx';

const now = Date.parse('2026-01-02T03:04:05.000Z');
const ago = (ms: number) => describeAge(new Date(now - ms).toISOString(), now);

test('ages are told in the largest unit', () => {
  expect([ago(0), ago(59_999), ago(60_000), ago(3 * 3_600_000), ago(50 * 3_600_000)]).toEqual([
    ...['now', 'now', '1 min ago', '3 h ago', '2 d ago'],
  ]);
});

test('what is to come is told as that', () => {
  expect([ago(-30_000), ago(-120_000), ago(-7_200_000)]).toEqual(['in less than a minute', 'in 2 min', 'in 2 h']);
});

test('sizes are decimal', () => {
  expect([0, 999, 1_000, 18_240, 999_950, 1_400_000_000].map(formatBytes)).toEqual([
    ...['0 B', '999 B', '1.0 kB', '18.2 kB', '1.0 MB', '1.4 GB'],
  ]);
});
