import { expect, it } from 'vitest';
import { createGlobMatcher, findGlobBase } from './globs.ts';

it.each([
  [['dist/**'], 'dist/a/.b', true],
  [['dist'], 'dist/a', true],
  [['dist/'], 'dist/a', true],
  [['./dist/*.js'], 'dist/a.js', true],
  [['dist/*.js'], 'dist/deep/a.js', false],
  [['**/*.xml'], 'a/b/c.xml', true],
  [['.'], 'anything', true],
  [['dist/**', '!dist/*.map'], 'dist/a.map', false],
  [['!dist'], 'dist/a', false],
  [['report.txt'], 'report.txt.old', false],
])('%j on %s is %s', (globs, path, expected) => {
  expect(createGlobMatcher(globs)(path)).toBe(expected);
});

it.each([
  ['dist/**', 'dist'],
  ['a/b/*.js', 'a/b'],
  ['*.js', ''],
  ['a/b.txt', 'a/b.txt'],
  ['./a/b', 'a/b'],
])('a walk for %s begins at "%s"', (glob, base) => {
  expect(findGlobBase(glob)).toBe(base);
});
