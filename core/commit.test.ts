import { expect, test } from 'vitest';
import { describeCommit, isAuthor, nameOfAuthor } from './commit.ts';

const subjectOf = (message: string) => describeCommit({ message, author: '' }).subject;

test('the subject is the first line of a message, and of no message there is none', () => {
  expect(subjectOf('\nRound half up\n\nBecause of \u0000 the tax.')).toBe('Round half up');
  expect(subjectOf('One\r\nTwo')).toBe('One');
  expect(subjectOf(' \n')).toBeNull();
  expect(subjectOf('')).toBeNull();
});

test('nothing in it reorders or moves what stands beside it, and it is no longer than a line of a list', () => {
  expect(subjectOf('a\u202eb\u0007\u001b[31mc\u2066d\u0000\ud800')).toBe('a b [31mc d \ufffd');
  expect(subjectOf('<b>x</b> $(touch y) `z`')).toBe('<b>x</b> $(touch y) `z`');
  const long = subjectOf('💥'.repeat(1_000)) ?? '';
  expect(Array.from(long)).toHaveLength(200);
  expect(long.endsWith('💥…')).toBe(true);
});

test('an author is called by the name and found by the name or the address', () => {
  const { author } = describeCommit({ message: '', author: 'Ann Example <Ann@example.org>' });
  expect(nameOfAuthor(author ?? '')).toBe('Ann Example');
  expect(
    ['ann example', 'ann@example.org', 'Ann Example <ann@example.org>'].map((text) => isAuthor(author, text)),
  ).toEqual([true, true, true]);
  expect(['ann', 'example', ''].map((text) => isAuthor(author, text))).toEqual([false, false, false]);
  expect([nameOfAuthor('<bo@example.org>'), nameOfAuthor('Bo')]).toEqual(['bo@example.org', 'Bo']);
  expect(isAuthor(null, 'ann')).toBe(false);
  expect(describeCommit({ message: '', author: ' ' }).author).toBeNull();
});
