import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LIMITS } from '../guard.ts';
import type { ImportReader } from './import-reader.ts';
import { readFolder } from './read-folder.ts';

let folder: string;
let root: string;
let read: ImportReader;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'buildit-imports-'));
  root = join(folder, 'repository');
  mkdirSync(join(root, 'ci'), { recursive: true });
  writeFileSync(join(folder, 'outside.kdl'), 'outside');
  writeFileSync(join(root, 'ci/in.kdl'), 'inside');
  read = readFolder({ root, base: root, main: '.buildit.kdl' });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readPath = (path: string, from = '.buildit.kdl') => read(from, { kind: 'path', path });

it('a file is read from the folder of the one that imports it', () => {
  const found = { kind: 'text', file: 'ci/in.kdl', text: 'inside', isForeign: false };
  expect(readPath('ci/in.kdl')).toEqual(found);
  expect(readPath('in.kdl', 'ci/other.kdl')).toEqual(found);
  expect(readPath('../ci/in.kdl', 'ci/other.kdl')).toEqual(found);
});

it('nothing outside the repository is read, whatever leads there', () => {
  symlinkSync(join(folder, 'outside.kdl'), join(root, 'link.kdl'));
  symlinkSync(folder, join(root, 'up'));
  symlinkSync('ci/in.kdl', join(root, 'fine.kdl'));
  expect(readPath('../outside.kdl')).toMatchObject({ message: expect.stringContaining('is outside the repository') });
  expect(readPath('ci/../../outside.kdl')).toMatchObject({ message: expect.stringContaining('outside') });
  expect(readPath('link.kdl')).toMatchObject({ message: expect.stringContaining('leads out of the repository') });
  expect(readPath('up/outside.kdl')).toMatchObject({ message: expect.stringContaining('leads out of the repository') });
  expect(readPath('fine.kdl')).toMatchObject({ kind: 'text', text: 'inside' });
});

it('what is no regular file, or too large, is not read', () => {
  execFileSync('mkfifo', [join(root, 'pipe.kdl')]);
  mkdirSync(join(root, 'folder.kdl'));
  writeFileSync(join(root, 'large.kdl'), Buffer.alloc(LIMITS.bytes + 1));
  symlinkSync('loop.kdl', join(root, 'loop.kdl'));
  for (const path of ['pipe.kdl', 'folder.kdl', 'large.kdl', 'loop.kdl', 'none.kdl', 'ci/in.kdl/x.kdl']) {
    expect(readPath(path).kind, path).toBe('refused');
  }
});
