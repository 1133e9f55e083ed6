import { expect, test } from 'vitest';
import { ENDINGS } from '#core/ending.ts';
import { hasColor } from './color.ts';
import { hasUnicode, lookOf } from './glyph.ts';

// `--color`, then FORCE_COLOR, then non-empty NO_COLOR, then TTY (UI §8).
test.each([
  ['always', { NO_COLOR: '1' }, false, true],
  ['never', { FORCE_COLOR: '1' }, true, false],
  ['auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ['auto', { FORCE_COLOR: '0' }, true, false],
  ['auto', { NO_COLOR: '1' }, true, false],
  ['auto', { NO_COLOR: '' }, true, true],
  ['auto', {}, true, true],
  ['auto', {}, false, false],
  ['auto', { TERM: 'dumb' }, true, false],
])('--color %s with %j on a terminal (%s) gives %s', (choice, environment, isTty, expected) => {
  expect(hasColor(choice, environment, isTty)).toBe(expected);
});

test('without UTF-8 the signs are ASCII', () => {
  expect(hasUnicode({ LANG: 'de_DE.UTF-8' }, 'linux')).toBe(true);
  expect(hasUnicode({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, 'linux')).toBe(false);
  expect(hasUnicode({}, 'linux')).toBe(false);
});

test('no two endings share a sign or a word', () => {
  const looks = ENDINGS.map((ending) => lookOf({ kind: 'ended', ending, reason: null, at: '' }));
  expect(new Set(looks.map(({ glyph }) => glyph)).size).toBe(ENDINGS.length);
  expect(new Set(looks.map(({ ascii }) => ascii)).size).toBe(ENDINGS.length);
});

test('what has given no sign of life for 20 s looks so', () => {
  const running = { kind: 'running' as const, attempt: 1, since: '', heartbeatAt: '' };
  expect(lookOf(running, 1_000).glyph).toBe('◐');
  expect(lookOf(running, 23_000).glyph).toBe('?');
  expect(lookOf({ ...running, attempt: 2 }).glyph).toBe('↻');
});
