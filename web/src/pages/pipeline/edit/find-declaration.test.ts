import { expect, test } from 'vitest';
import { findDeclaration } from './find-declaration.ts';

const TEXT =
  'pipeline "demo" {\n  image "busybox"\n}\ngate build { }\n\n  stage "build" {\n}\nstage test needs=build\n';

test.each([
  ['stage', 'build', 'stage "build"'],
  ['gate', 'build', 'gate build'],
  ['stage', 'test', 'stage test'],
] as const)('%s %s is found where it begins', (kind, name, words) => {
  const [start, end] = findDeclaration(TEXT, kind, name) ?? [];
  expect(TEXT.slice(start, end)).toBe(words);
});

test('what a text has from elsewhere is not found in it', () => {
  expect(findDeclaration(TEXT, 'stage', 'deploy')).toBeNull();
});
