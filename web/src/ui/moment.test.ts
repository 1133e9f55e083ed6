import { expect, test } from 'vitest';
import { formatBytes } from './format-bytes.ts';
import { describeAge, describeRest, formatMoment } from './moment.tsx';

const now = Date.parse('2026-01-02T03:04:05.000Z');
const ago = (ms: number) => describeAge(new Date(now - ms).toISOString(), now);

test('ages are told in the largest unit', () => {
  expect([ago(0), ago(59_999), ago(60_000), ago(3 * 3_600_000), ago(50 * 3_600_000)]).toEqual([
    ...['now', 'now', '1 min ago', '3 h ago', '2 d ago'],
  ]);
});

test('what is to come is told as that', () => {
  expect(ago(-900)).toBe('now');
  expect([ago(-30_000), ago(-120_000), ago(-7_200_000)]).toEqual(['in less than a minute', 'in 2 min', 'in 2 h']);
});

test('what runs out is counted down, and never below nothing', () => {
  const rest = (ms: number) => describeRest(new Date(now + ms).toISOString(), now);
  expect([rest(252_000), rest(7_500_000), rest(30 * 3_600_000), rest(4_200), rest(0), rest(-5_000)]).toEqual([
    ...['in 4m 12s', 'in 2h 05m', 'in 1d 6h', 'in 5s', 'now', 'now'],
  ]);
});

test('the exact time says that it is UTC where a person has chosen that', () => {
  expect(formatMoment('2026-01-02T03:04:05.000Z', 'utc')).toMatch(/3:04:05.*UTC$/);
  expect(formatMoment('2026-01-02T03:04:05.000Z', 'local')).not.toContain('UTC');
});

test('sizes are decimal', () => {
  expect([0, 999, 1_000, 18_240, 999_950, 1_400_000_000].map(formatBytes)).toEqual([
    ...['0 B', '999 B', '1.0 kB', '18.2 kB', '1.0 MB', '1.4 GB'],
  ]);
});
