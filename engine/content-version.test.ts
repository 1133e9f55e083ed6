import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { computeContentVersion } from './content-version.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'buildit-home-'));
  mkdirSync(join(home, 'core/deep'), { recursive: true });
  mkdirSync(join(home, 'cli'));
  writeFileSync(join(home, 'package-lock.json'), '{}');
  writeFileSync(join(home, 'core/deep/plan.ts'), 'export const one = 1;');
});
afterEach(() => rmSync(home, { recursive: true }));

const compute = (): Promise<string> => computeContentVersion(home, join(home, '.cache', 'version'));

it('the same sources have the same version, read or remembered', async () => {
  const read = await compute();
  expect(read).toMatch(/^[0-9a-f]{64}$/);
  expect(await compute()).toBe(read);
  rmSync(join(home, '.cache'), { recursive: true });
  expect(await compute()).toBe(read);
});

it.each([
  ['a changed source', 'core/deep/plan.ts', 'export const one = 2;'],
  ['a new source', 'core/deep/run.ts', ''],
  ['a new migration', 'db/0002.sql', 'SELECT 1'],
  ['another lock file', 'package-lock.json', '{ }'],
])('%s is another version', async (_, file, text) => {
  const before = await compute();
  mkdirSync(join(home, file, '..'), { recursive: true });
  writeFileSync(join(home, file), text);
  expect(await compute()).not.toBe(before);
});

it.each([
  ['a test', 'core/plan.test.ts'],
  ['the command line', 'cli/main.ts'],
  ['text', 'core/README.md'],
])('%s is not part of it', async (_, file) => {
  const before = await compute();
  writeFileSync(join(home, file), 'anything');
  expect(await compute()).toBe(before);
});
