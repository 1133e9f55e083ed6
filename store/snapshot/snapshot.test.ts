import { execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { expect, it, onTestFinished } from 'vitest';
import { openSnapshotStore } from './open-snapshot-store.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-snapshot-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function makeTree(files: Record<string, string>): Promise<string> {
  const root = await makeFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

function git(root: string, ...args: string[]): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', root, ...who, ...args], { stdio: 'pipe' });
}

async function listTree(root: string, prefix = ''): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(root, prefix), { withFileTypes: true })) {
    if (entry.isDirectory())
      paths.push(`${prefix}${entry.name}/`, ...(await listTree(root, `${prefix}${entry.name}/`)));
    else paths.push(prefix + entry.name);
  }
  return paths.toSorted();
}

async function open() {
  const folder = await makeFolder();
  const store = openSnapshotStore({ folder: join(folder, 'store') });
  return { store, storeFolder: join(folder, 'store'), target: join(folder, 'target') };
}

/** Takes a tree and answers the paths of the snapshot. */
async function takenPaths(root: string): Promise<string[]> {
  const { store, target } = await open();
  await store.unpack(await store.take(root, { git: false }), target);
  return listTree(target);
}

it('a snapshot comes back with contents, modes, links and empty folders', async () => {
  const root = await makeTree({ 'a.txt': 'a', 'bin/tool': '#!/bin/sh\n', 'deep/er/b': 'b', '.hidden': 'h', empty: '' });
  await chmod(join(root, 'bin/tool'), 0o755);
  await mkdir(join(root, 'nothing'));
  await symlink('../a.txt', join(root, 'bin/link'));
  await symlink('/nowhere', join(root, 'dangling'));
  const { store, target } = await open();
  const taken = await store.take(root, { git: false });
  expect(taken).toMatchObject({ files: 7, bytes: 13, notices: [] });
  await store.unpack(taken, target);
  expect(await listTree(target)).toEqual(await listTree(root));
  expect(await readFile(join(target, 'bin/link'), 'utf8')).toBe('a');
  expect(await readlink(join(target, 'dangling'))).toBe('/nowhere');
  expect((await stat(join(target, 'bin/tool'))).mode & 0o777).toBe(0o755);
  expect((await stat(join(target, 'a.txt'))).mode & 0o777).toBe((await stat(join(root, 'a.txt'))).mode & 0o777);
});

it('the tar of a snapshot holds what the tree held', async () => {
  const root = await makeTree({
    'a.txt': 'a',
    'deep/b': 'b'.repeat(3_000_000),
    [`${'n'.repeat(120)}/ü.txt`]: 'long name',
  });
  await symlink('a.txt', join(root, 'link'));
  const { store } = await open();
  const archive = extract();
  store.load(await store.take(root, { git: false })).pipe(archive);
  const seen: Record<string, string> = {};
  for await (const entry of archive) {
    seen[entry.header.name] = entry.header.linkname ?? String((await text(entry)).length);
  }
  expect(seen).toEqual({
    'a.txt': '1',
    'deep/': '0',
    'deep/b': '3000000',
    link: 'a.txt',
    [`${'n'.repeat(120)}/`]: '0',
    [`${'n'.repeat(120)}/ü.txt`]: '9',
  });
});

it('a file edited after the snapshot is not in it, and an unpacked copy written to does not change it', async () => {
  const root = await makeTree({ 'a.txt': 'before', large: 'x'.repeat(2_000_000) });
  const { store, target } = await open();
  const taken = await store.take(root, { git: false });
  await writeFile(join(root, 'a.txt'), 'after');
  await store.unpack(taken, target);
  expect(await readFile(join(target, 'a.txt'), 'utf8')).toBe('before');
  await writeFile(join(target, 'a.txt'), 'mine');
  await writeFile(join(target, 'large'), 'mine');
  await store.unpack(taken, `${target}-2`);
  expect(await readFile(join(`${target}-2`, 'a.txt'), 'utf8')).toBe('before');
  expect((await stat(join(`${target}-2`, 'large'))).size).toBe(2_000_000);
});

it('equal trees have equal digests, and another mode, name or byte has another', async () => {
  const { store } = await open();
  const root = await makeTree({ a: '1', 'd/b': '2' });
  const digest = async () => (await store.take(root, { git: false })).digest;
  const first = await digest();
  expect((await store.take(await makeTree({ 'd/b': '2', a: '1' }), { git: false })).digest).toBe(first);
  await chmod(join(root, 'a'), 0o755);
  const second = await digest();
  await rename(join(root, 'a'), join(root, 'c'));
  const third = await digest();
  await writeFile(join(root, 'c'), '3');
  expect(new Set([first, second, third, await digest()]).size).toBe(4);
});

it('a change is seen even when size and times of modification stay as they were', async () => {
  const { store } = await open();
  const root = await makeTree({ a: 'one' });
  const before = new Date(Date.now() - 60_000);
  await utimes(join(root, 'a'), before, before);
  const first = await store.take(root, { git: false });
  await writeFile(join(root, 'a'), 'two');
  await utimes(join(root, 'a'), before, before);
  expect((await store.take(root, { git: false })).digest).not.toBe(first.digest);
});

it('files that stayed as they were are known by their stat and not opened', async () => {
  const { store, storeFolder, target } = await open();
  const root = await makeTree({ a: 'one' });
  const { ctimeMs } = await lstat(join(root, 'a'));
  // A stamp vouches for content once it is two seconds old: wait for the clock, not for luck.
  await expect.poll(() => Date.now() - ctimeMs, { timeout: 5_000 }).toBeGreaterThan(2_100);
  const taken = await store.take(root, { git: false });
  await rm(join(storeFolder, 'contents'), { recursive: true });
  expect(await openSnapshotStore({ folder: storeFolder }).take(root, { git: false })).toEqual(taken);
  await expect(store.unpack(taken, target)).rejects.toMatchObject({ fault: { code: 'snapshot-lost' } });
});

it('.gitignore counts in every folder, the nearer one wins, and no .git is taken', async () => {
  const root = await makeTree({
    '.gitignore': '*.log\n/dist/\nnode_modules\n',
    'a.log': '',
    'dist/x': '',
    'pkg/dist/x': '',
    'pkg/.gitignore': '!keep.log\n/secret\n!node_modules/\n',
    'other/node_modules/x': '',
    'pkg/keep.log': '',
    'pkg/b.log': '',
    'pkg/secret': '',
    'pkg/deep/secret': '',
    'pkg/node_modules/m/index.js': '',
    'sub/.git/HEAD': '',
    'sub/file': '',
    '.git/HEAD': '',
  });
  const files = (await takenPaths(root)).filter((path) => !path.endsWith('/'));
  expect(files).toEqual([
    '.gitignore',
    'pkg/.gitignore',
    'pkg/deep/secret',
    'pkg/dist/x',
    'pkg/keep.log',
    'pkg/node_modules/m/index.js',
    'sub/file',
  ]);
});

it('.builditignore leaves out more, and takes back what .gitignore leaves out', async () => {
  const root = await makeTree({
    '.gitignore': 'dist\n',
    '.builditignore': '!dist\nbig\n',
    'dist/x': '',
    big: '',
    small: '',
  });
  expect(await takenPaths(root)).toEqual(['.builditignore', '.gitignore', 'dist/', 'dist/x', 'small']);
});

it('what git has is taken although .gitignore names it', async () => {
  const root = await makeTree({ '.gitignore': 'dist\n', 'dist/kept': '', 'dist/other': '' });
  git(root, 'init', '-q');
  git(root, 'add', '-f', 'dist/kept', '.gitignore');
  expect(await takenPaths(root)).toEqual(['.gitignore', 'dist/', 'dist/kept']);
});

it('a file that was asked to be left out is not there, whichever way it is named', async () => {
  const root = await makeTree({ 'ci/secrets.env': 'A=1', 'ci/file': '' });
  const around = await makeFolder();
  await symlink(root, join(around, 'link'));
  for (const path of [join(root, 'ci/secrets.env'), join(around, 'link/ci/secrets.env')]) {
    const { store } = await open();
    expect(await store.take(root, { git: false, without: [path] })).toMatchObject({ files: 1 });
  }
});

it('a rule that is new leaves out what was taken before', async () => {
  const root = await makeTree({ 'd/a': '', 'd/b': '' });
  const { store } = await open();
  expect(await store.take(root, { git: false })).toMatchObject({ files: 2 });
  await writeFile(join(root, '.gitignore'), 'a\n');
  expect(await store.take(root, { git: false })).toMatchObject({ files: 2 });
  await writeFile(join(root, 'd/.gitignore'), 'b\n.gitignore\n');
  expect(await store.take(root, { git: false })).toMatchObject({ files: 1 });
});

it('pipes and sockets are left out and named', async () => {
  const root = await makeTree({ a: '' });
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const { store } = await open();
  const taken = await store.take(root, { git: false });
  expect(taken.files).toBe(1);
  expect(taken.notices).toEqual(['pipe is a socket, pipe or device and is not part of the source']);
});

it('leaves out the data of an engine, whose keys and snapshots would be in each of the next', async () => {
  const root = await makeTree({
    'hello.kdl': 'x',
    '.buildit/data/engine.lock': '',
    '.buildit/data/instance-id': 'one',
    '.buildit/data/master.key': 'secret',
    '.buildit/data/objects/a': 'b',
  });
  const { store, target } = await open();
  const taken = await store.take(root, { git: false });
  expect(taken).toMatchObject({
    files: 1,
    notices: ['.buildit/data/ is the data of a BuildIt engine and is not part of the source'],
  });
  await store.unpack(taken, target);
  expect(await listTree(target)).toEqual(['.buildit/', '.buildit/data/', 'hello.kdl']);
});

it('a file that may not be read is named', async () => {
  const root = await makeTree({ locked: '' });
  await chmod(join(root, 'locked'), 0);
  await chmod(root, 0o755);
  const folder = await makeFolder();
  await asOrdinaryUser(folder, async () => {
    const taking = openSnapshotStore({ folder }).take(root, { git: false });
    await expect(taking).rejects.toMatchObject({ fault: { code: 'snapshot-unreadable', cause: 'EACCES' } });
  });
});

/** Root may read everything: it becomes `nobody` for the time of the act, with a folder of its own. */
async function asOrdinaryUser(folder: string, act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act();
  const nobody = 65_534;
  await chown(folder, nobody, nobody);
  process.seteuid?.(nobody);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}

it('a root that is not there is a fault', async () => {
  const { store } = await open();
  await expect(store.take('/nowhere/at/all', { git: false })).rejects.toMatchObject({
    fault: { code: 'snapshot-unreadable' },
  });
});

it('a snapshot that the store does not have is a fault, also as a tar', async () => {
  const { store, target } = await open();
  const reference = { digest: 'f'.repeat(64), files: 0, bytes: 0 };
  await expect(store.unpack(reference, target)).rejects.toMatchObject({ fault: { code: 'snapshot-lost' } });
  await expect(text(store.load(reference))).rejects.toMatchObject({ fault: { code: 'snapshot-lost' } });
});

it('with git the tree has a shallow repository with tags, whose status is that of the work tree', async () => {
  const root = await makeTree({ a: '1', b: '2' });
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'first');
  git(root, 'tag', 'v1');
  git(root, 'commit', '-qm', 'second', '--allow-empty');
  git(root, 'remote', 'add', 'origin', 'https://user:pass@example.org/x.git');
  await writeFile(join(root, 'a'), 'changed');
  const { store, target } = await open();
  await store.unpack(await store.take(root, { git: true }), target);
  const ask = (...args: string[]) => execFileSync('git', ['-C', target, ...args], { encoding: 'utf8' }).trim();
  expect(ask('status', '--porcelain')).toBe('M a');
  expect(ask('log', '--format=%s')).toBe('second');
  expect(ask('tag')).toBe('v1');
  expect(ask('branch', '--show-current')).toBe('main');
  expect(ask('remote', 'get-url', 'origin')).toBe('https://example.org/x.git');
});

it('git is asked for where there is none: a fault that says so', async () => {
  const { store } = await open();
  const root = await makeTree({ a: '' });
  await expect(store.take(root, { git: true })).rejects.toMatchObject({ fault: { code: 'snapshot-git-failed' } });
});

it('files that are written while the snapshot is taken do not break it', async () => {
  const root = await makeTree(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, 'x'])));
  const { store, target } = await open();
  let isOver = false;
  const writing = (async () => {
    for (let round = 0; !isOver; round++) {
      await writeFile(join(root, `f${round % 200}`), 'y'.repeat(round % 5_000));
      await rm(join(root, `new${round - 1}`), { force: true });
      await writeFile(join(root, `new${round}`), 'z');
    }
  })();
  const taken = await store.take(root, { git: false });
  isOver = true;
  await writing;
  await store.unpack(taken, target);
  expect((await listTree(target)).length).toBe(taken.files);
});
