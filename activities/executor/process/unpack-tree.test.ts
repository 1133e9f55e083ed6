import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unpackTree } from './unpack-tree.ts';

let root: string;
let outside: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unpack-'));
  root = join(folder, 'root');
  outside = join(folder, 'outside');
  await mkdir(root);
  await mkdir(outside);
});
afterEach(() => rm(join(root, '..'), { recursive: true }));

function tarOf(...entries: (Partial<Header> & { name: string })[]): Readable {
  const tar = pack();
  for (const entry of entries) {
    if (entry.type === undefined) tar.entry(entry, 'content');
    else tar.entry(entry);
  }
  tar.finalize();
  return Readable.from(tar);
}

it('writes files, folders, links and modes over what is there', async () => {
  await writeFile(join(root, 'a'), 'old');
  await unpackTree(
    tarOf({ name: 'a', mode: 0o755 }, { name: 'd/e' }, { name: 'l', type: 'symlink', linkname: 'a' }),
    root,
  );
  expect(await readFile(join(root, 'd/e'), 'utf8')).toBe('content');
  expect(await readFile(join(root, 'l'), 'utf8')).toBe('content');
  expect((await lstat(join(root, 'a'))).mode & 0o777).toBe(0o755);
});

it('replaces a link that stands in the way and never writes through it', async () => {
  await symlink(outside, join(root, 'd'));
  await writeFile(join(outside, 'e'), 'untouched');
  await symlink(join(outside, 'e'), join(root, 'f'));
  await unpackTree(tarOf({ name: 'd/e' }, { name: 'f' }), root);
  expect(await readFile(join(outside, 'e'), 'utf8')).toBe('untouched');
  expect(await readFile(join(root, 'd/e'), 'utf8')).toBe('content');
});

it.each(['../x', '/x', 'a/../../x'])('refuses the path %s', async (name) => {
  await expect(unpackTree(tarOf({ name }), root)).rejects.toMatchObject({ fault: { code: 'input-refused' } });
});

it('refuses what is neither file, folder nor symbolic link', async () => {
  const entry = { name: 'x', type: 'character-device', devmajor: 1, devminor: 3 } as const;
  await expect(unpackTree(tarOf(entry), root)).rejects.toMatchObject({ fault: { code: 'input-refused' } });
});
