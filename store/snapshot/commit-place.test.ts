import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCommitPlace } from './commit-place.ts';

const folder = mkdtempSync(join(tmpdir(), 'buildit-place-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const git = (root: string, ...args: string[]) =>
  execFileSync('git', ['-C', root, '-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { stdio: 'pipe' });

test('a commit stands behind those of its first parents, whatever was merged', async () => {
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'one');
  expect(await readCommitPlace(folder, 'main')).toEqual({ branch: 'main', position: 1 });
  git(folder, 'checkout', '-q', '-b', 'side');
  for (const name of ['a', 'b', 'c']) git(folder, 'commit', '-q', '--allow-empty', '-m', name);
  git(folder, 'checkout', '-q', 'main');
  git(folder, 'merge', '-q', '--no-ff', '-m', 'merge', 'side');
  expect(await readCommitPlace(folder, 'main')).toEqual({ branch: 'main', position: 2 });
});

test('a clone without its history says nothing', async () => {
  const shallow = join(folder, 'shallow');
  git(folder, 'clone', '-q', '--depth', '1', `file://${folder}`, shallow);
  expect(await readCommitPlace(shallow, 'main')).toBeNull();
});

test('a folder that is no repository says nothing', async () => {
  const none = mkdtempSync(join(tmpdir(), 'buildit-none-'));
  expect(await readCommitPlace(none, 'main')).toBeNull();
  rmSync(none, { recursive: true });
});
