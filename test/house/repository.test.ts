import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { findLines, listTracked, readTracked } from './tracked-files.ts';

const sources = listTracked(/\.tsx?$/).filter((file) => !file.startsWith('test/house/'));
const tests = sources.filter((file) => /\.(test|contract)\.tsx?$/.test(file));

test('no file has a name that says nothing', () => {
  const empty = /^(utils?|helpers?|common|shared|types|misc)(\.|$)/;
  expect(sources.filter((file) => file.split('/').some((part) => empty.test(part)))).toEqual([]);
});

test('only workflows and activities have an index', () => {
  const indexes = sources.filter((file) => posix.basename(file) === 'index.ts');
  expect(indexes.filter((file) => !/^(workflows|activities)\/index\.ts$/.test(file))).toEqual([]);
});

test('no rule is switched off in a file', () => {
  expect(findLines(sources, /(ox|es)lint-(disable|enable)|@ts-(ignore|nocheck|expect-error)|oxfmt-ignore/)).toEqual([]);
});

test('a skipped test says why on its line, and none is left focused or to do', () => {
  const marks = findLines(tests, /\b(it|test|describe)\.(only|skip|todo)\b/);
  expect(marks.filter((line) => !/\.skip\b.*\/\/ \S/.test(line))).toEqual([]);
});

test('no test waits for a time', () => {
  const suspects = [...tests, ...listTracked(/^test\/(?!house\/).*\.ts$/)];
  expect(findLines(suspects, /\b(sleep|setTimeout)\(.*\d{3,}/)).toEqual([]);
});

test('no unfinished mark is left', () => {
  expect(findLines(sources, /\b(TODO|FIXME|XXX|HACK)\b|not implemented/i)).toEqual([]);
});

test('commands of shell scripts that fail are documented under their code', () => {
  const codes = new Set([...readTracked('scripts/set-up.sh').matchAll(/fail ([a-z-]+) /g)].map((match) => match[1]));
  const documented = new Set([...readTracked('docs/setup.md').matchAll(/^## (.+)$/gm)].map((match) => match[1]));
  expect(documented).toEqual(codes);
});

test('what runs is in the image, and its change is another version of the engine', () => {
  const { imports } = JSON.parse(readTracked('package.json')) as { imports: Record<string, string> };
  const folders = Object.keys(imports).flatMap((name) => /^#(?!test\b)([a-z]+)\/\*$/.exec(name)?.[1] ?? []);
  const taken = new Set(readTracked('.dockerignore').split('\n'));
  expect(folders.filter((folder) => !taken.has(`!${folder}`))).toEqual([]);
  const hashed = /const FOLDERS = \[([^\]]*)\]/.exec(readTracked('engine/content-version.ts'))?.[1] ?? '';
  // The command line is every command's own, a backup is a process that asks no engine, and a page is read when it is
  // served.
  const apart = new Set(['cli', 'backup', 'web']);
  expect(folders.filter((folder) => !apart.has(folder) && !hashed.includes(`'${folder}'`))).toEqual([]);
});
