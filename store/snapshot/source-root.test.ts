import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findSourceRoot } from './source-root.ts';

async function makeFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'buildit-root-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'ci/.buildit'), { recursive: true });
  await writeFile(join(folder, 'ci/pipeline.kdl'), '');
  await writeFile(join(folder, 'ci/.buildit/main.kdl'), '');
  return folder;
}

function git(root: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', root, ...who, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

async function makeRepository(): Promise<string> {
  const folder = await makeFolder();
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'subject\n\nbody ü');
  return folder;
}

it('without git the root is the file’s folder, or the parent of .buildit', async () => {
  const folder = await makeFolder();
  expect(await findSourceRoot(join(folder, 'ci/pipeline.kdl'))).toEqual({
    root: join(folder, 'ci'),
    git: null,
    defaultBranch: null,
    repository: null,
  });
  expect(await findSourceRoot(join(folder, 'ci/.buildit/main.kdl'))).toEqual({
    root: join(folder, 'ci'),
    git: null,
    defaultBranch: null,
    repository: null,
  });
});

it('in a work tree the root is its top, with the facts of the commit', async () => {
  const folder = await makeRepository();
  const sha = git(folder, 'rev-parse', 'HEAD');
  await symlink(join(folder, 'ci/pipeline.kdl'), join(folder, 'ci/link.kdl'));
  git(folder, 'add', '.');
  git(folder, 'commit', '--amend', '--no-edit', '-q');
  const found = await findSourceRoot(join(folder, 'ci/link.kdl'));
  expect(found.root).toBe(folder);
  expect(found.git?.sha).not.toBe(sha);
  expect(found.git).toEqual({
    sha: git(folder, 'rev-parse', 'HEAD'),
    shortSha: git(folder, 'rev-parse', '--short', 'HEAD'),
    branch: 'main',
    tag: null,
    ref: 'refs/heads/main',
    message: 'subject\n\nbody ü',
    author: 'Ada <ada@example.org>',
    base: null,
    dirty: false,
  });
});

it('a changed or new file makes it dirty, an ignored one does not', async () => {
  const folder = await makeRepository();
  const isDirty = async () => (await findSourceRoot(join(folder, 'ci/pipeline.kdl'))).git?.dirty;
  await writeFile(join(folder, '.git/info/exclude'), 'ignored\n');
  await writeFile(join(folder, 'ignored'), '');
  expect(await isDirty()).toBe(false);
  await writeFile(join(folder, 'new'), '');
  expect(await isDirty()).toBe(true);
});

it('a tag is named, the newest version of several; without a branch it is the ref', async () => {
  const folder = await makeRepository();
  for (const tag of ['v1.9.0', 'v1.10.0']) git(folder, 'tag', tag);
  git(folder, 'checkout', '-q', '--detach');
  const { git: facts } = await findSourceRoot(join(folder, 'ci/pipeline.kdl'));
  expect(facts).toMatchObject({ branch: null, tag: 'v1.10.0', ref: 'refs/tags/v1.10.0' });
});

it('a repository without a commit has a root and no facts', async () => {
  const folder = await makeFolder();
  git(folder, 'init', '-q');
  expect(await findSourceRoot(join(folder, 'ci/pipeline.kdl'))).toEqual({
    root: folder,
    git: null,
    defaultBranch: null,
    repository: basename(folder),
  });
});

it('the default branch is what the repository it was cloned from says', async () => {
  const origin = await makeRepository();
  const branch = (await findSourceRoot(join(origin, 'ci/pipeline.kdl'))).git?.branch;
  const folder = await makeFolder();
  git(folder, 'clone', '-q', origin, 'clone');
  git(join(folder, 'clone'), 'checkout', '-q', '-b', 'feature');
  const found = await findSourceRoot(join(folder, 'clone/ci/pipeline.kdl'));
  expect([found.git?.branch, found.defaultBranch]).toEqual(['feature', branch]);
});

it('the repository is called by its remote, without how one signs in there, else by its folder', async () => {
  const folder = await makeRepository();
  const nameOf = async () => (await findSourceRoot(join(folder, 'ci/pipeline.kdl'))).repository;
  expect(await nameOf()).toBe(basename(folder));
  git(folder, 'remote', 'add', 'origin', 'https://ann:hunter2@git.example/acme/shop.git');
  expect(await nameOf()).toBe('git.example/acme/shop');
  git(folder, 'remote', 'set-url', 'origin', '/srv/elsewhere.git');
  expect(await nameOf()).toBe(basename(folder));
});

it('a work tree of another repository is a root of its own', async () => {
  const folder = await makeRepository();
  git(folder, 'worktree', 'add', '-q', '-b', 'side', join(folder, 'side'));
  const found = await findSourceRoot(join(folder, 'side/ci/pipeline.kdl'));
  expect(found.root).toBe(join(folder, 'side'));
  expect(found.git?.branch).toBe('side');
});

it('a repository that git cannot read is a fault, not a folder without git', async () => {
  const folder = await makeRepository();
  await writeFile(join(folder, '.git/HEAD'), 'nonsense\n');
  await expect(findSourceRoot(join(folder, 'ci/pipeline.kdl'))).rejects.toMatchObject({
    fault: { code: 'git-unreadable' },
  });
});

it('a caller’s GIT_DIR does not lead to another repository', async () => {
  const [folder, other] = [await makeRepository(), await makeRepository()];
  process.env['GIT_DIR'] = join(other, '.git');
  onTestFinished(() => {
    delete process.env['GIT_DIR'];
  });
  const found = await findSourceRoot(join(folder, 'ci/pipeline.kdl'));
  delete process.env['GIT_DIR'];
  expect(found.git?.sha).toBe(git(folder, 'rev-parse', 'HEAD'));
  expect(found.root).toBe(folder);
});
