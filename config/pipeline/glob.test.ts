import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

it.each([
  ['main', 'main', true],
  ['main', 'mai', false],
  ['feature/a', 'feature/*', true],
  ['feature/a/b', 'feature/*', false],
  ['feature/a/b', 'feature/**', true],
  ['a/b', 'a/**/b', true],
  ['a/x/y/b', 'a/**/b', true],
  ['anything/at/all', '**', true],
  ['v1.2', 'v?.?', true],
  ['v1.2', 'v[0-9].[!3]', true],
  ['v1.3', 'v[0-9].[!3]', false],
  ['dev', '{dev,main}', true],
  ['prod', '{dev,main}', false],
  ['prod', '!{dev,main}', true],
  ['a*b', 'a\\*b', true],
  ['axb', 'a\\*b', false],
  ['日本', '??', true],
  ['', '*', true],
])('%j matches %j: %j', (value, pattern, answer) => {
  expect(matchesGlob(value, pattern)).toBe(answer);
});

it('a pattern made of stars ends at once', () => {
  expect(matchesGlob('a'.repeat(1_000), '*a'.repeat(249))).toBe(true);
  expect(matchesGlob('a'.repeat(999), `${'**a'.repeat(160)}b`)).toBe(false);
});

it('every text matches itself, escaped', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 50 }), (text) => {
      expect(matchesGlob(text, text.replaceAll(/[*?[\]{}!\\,^-]/g, '\\$&'))).toBe(true);
    }),
  );
});

it('longer than a name is an error, not "no"', () => {
  expect(() => matchesGlob('a'.repeat(4_097), '*')).toThrow('4096 characters');
  expect(() => matchesGlob('a', '*'.repeat(501))).toThrow('500 characters');
  expect(() => matchesGlob('a', '{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}')).toThrow('alternatives');
});
