import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toLine } from '#core/commit.ts';
import { readGitFacts } from './git-facts.ts';
import type { SourceRoot } from './port.ts';
import { nameRepository } from './repository-name.ts';
import { runGit } from './run-git.ts';

/**
 * Where the source of a local run is (ENGINE 12): the top of the git work tree that holds
 * the file; else the file's folder, or its parent if that folder is `.buildit`. The file
 * must exist; symbolic links on the way to it are followed first.
 */
export async function findSourceRoot(file: string): Promise<SourceRoot> {
  const folder = dirname(await realpath(file));
  const top = await findWorkTree(folder);
  if (top !== null) {
    const [git, defaultBranch, repository] = await Promise.all([
      readGitFacts(top),
      readDefaultBranch(top),
      readRepository(top),
    ]);
    return { root: top, git, defaultBranch, repository };
  }
  const root = basename(folder) === '.buildit' ? dirname(folder) : folder;
  return { root, git: null, defaultBranch: null, repository: null };
}

/** Of the remote that it was cloned from. */
async function readDefaultBranch(root: string): Promise<string | null> {
  const { exitCode, stdout } = await runGit(root, ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD']);
  return exitCode === 0 ? stdout.trim().replace(/^refs\/remotes\/origin\//, '') : null;
}

async function readRepository(root: string): Promise<string | null> {
  const { exitCode, stdout } = await runGit(root, ['remote', 'get-url', 'origin']);
  return toLine((exitCode === 0 ? nameRepository(stdout.trim()) : null) ?? basename(root));
}

/** The nearest folder upwards that has a `.git`: a folder, or a file in worktrees and submodules. */
async function findWorkTree(from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = await lstat(join(folder, '.git')).catch(() => null);
    if (found?.isDirectory() || found?.isFile()) return folder;
    if (dirname(folder) === folder) return null;
  }
}
