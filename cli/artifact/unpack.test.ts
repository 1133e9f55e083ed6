import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Pack, pack } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ArtifactFile, unpackTar, verifyTar } from './unpack.ts';

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-unpack-'));
  target = join(folder, 'out');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const fileOf = (path: string, text: string): ArtifactFile => ({ path, digest: digest(text) });

function tarOf(fill: (tar: Pack) => void): Readable {
  const tar = pack();
  fill(tar);
  tar.finalize();
  return Readable.from(tar);
}

test('files come with their folders, content and mode', async () => {
  const tar = tarOf((entries) => {
    entries.entry({ name: 'bin', type: 'directory' });
    entries.entry({ name: 'bin/app', mode: 0o755 }, 'run me');
  });
  await unpackTar(tar, [fileOf('bin/app', 'run me')], target);
  expect(readFileSync(join(target, 'bin/app'), 'utf8')).toBe('run me');
  expect(statSync(join(target, 'bin/app')).mode & 0o777).toBe(0o755);
});

test.each(['../evil', '/etc/evil', 'a/../../evil'])('an entry %s is refused and writes nothing', async (name) => {
  const tar = tarOf((entries) => entries.entry({ name }, 'x'));
  await expect(unpackTar(tar, [fileOf(name, 'x')], target)).rejects.toMatchObject({
    fault: { code: 'artifact-unsafe' },
  });
  expect(existsSync(join(folder, 'evil'))).toBe(false);
});

test('nothing is written through a link that was there before', async () => {
  mkdirSync(target);
  symlinkSync(folder, join(target, 'link'));
  const tar = tarOf((entries) => entries.entry({ name: 'link/evil' }, 'x'));
  await expect(unpackTar(tar, [fileOf('link/evil', 'x')], target)).rejects.toMatchObject({
    fault: { code: 'artifact-unsafe' },
  });
  expect(existsSync(join(folder, 'evil'))).toBe(false);
});

test('a link out of the folder is refused', async () => {
  const tar = tarOf((entries) => entries.entry({ name: 'link', type: 'symlink', linkname: '../..' }));
  await expect(unpackTar(tar, [], target)).rejects.toMatchObject({ fault: { code: 'artifact-unsafe' } });
});

test('a file with other content than recorded does not get its name', async () => {
  const tar = tarOf((entries) => entries.entry({ name: 'a' }, 'changed'));
  await expect(unpackTar(tar, [fileOf('a', 'original')], target)).rejects.toMatchObject({
    fault: { code: 'artifact-corrupt' },
  });
  expect(existsSync(join(target, 'a'))).toBe(false);
});

test('verifying writes nothing and misses no file', async () => {
  const tar = () => tarOf((entries) => entries.entry({ name: 'a' }, 'text'));
  await expect(verifyTar(tar(), [fileOf('a', 'text')])).resolves.toBeUndefined();
  await expect(verifyTar(tar(), [fileOf('a', 'text'), fileOf('b', 'gone')])).rejects.toMatchObject({
    fault: { code: 'artifact-corrupt' },
  });
});
