import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffLines } from './diff-lines.ts';

const show = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);

it('says what is added and removed, and keeps the rest', () => {
  expect(show('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']);
  expect(show('a\nb', 'a\nb\nc')).toEqual([' a', ' b', '+c']);
  expect(show('', 'a')).toEqual(['-', '+a']);
});

it('both texts can be read from it, whatever they are', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const read = (kinds: string[]) =>
        lines
          .filter(({ kind }) => kinds.includes(kind))
          .map((line) => line.text)
          .join('\n');
      expect(read(['same', 'removed'])).toBe(before);
      expect(read(['same', 'added'])).toBe(after);
    }),
  );
});
