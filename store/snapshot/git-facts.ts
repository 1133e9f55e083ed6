import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { GitFacts } from '#core/plan.ts';
import { runGit } from './run-git.ts';

/**
 * What git says about the commit that is checked out at `root`. Null where git is not
 * installed or nothing was committed yet. `dirty` counts untracked files too: they are in
 * the snapshot. Throws `git-unreadable` for a repository that git itself cannot read.
 */
export async function readGitFacts(root: string): Promise<GitFacts | null> {
  const [head, branchRef, tags, status] = await Promise.all([
    runGit(root, ['log', '-1', '--no-show-signature', '--format=%H%x00%h%x00%an <%ae>%x00%B']),
    runGit(root, ['symbolic-ref', '--quiet', 'HEAD']),
    runGit(root, ['tag', '--points-at', 'HEAD', '--sort=-version:refname']),
    runGit(root, ['status', '--porcelain', '-z', '--untracked-files=normal', '--ignore-submodules=none']),
  ]);
  if (head.exitCode === null) return null;
  if (head.exitCode !== 0) {
    if (await hasNoCommit(root)) return null;
    throw new FaultError({
      code: 'git-unreadable',
      message: `git cannot read the repository at ${root}`,
      cause: head.stderr.trim(),
      fix: `Repair it (git -C ${root} status says more), or remove its .git to run without git`,
      retry: NO_RETRY,
    });
  }
  const [sha = '', shortSha = '', author = '', message = ''] = head.stdout.split('\0');
  const fullRef = branchRef.exitCode === 0 ? branchRef.stdout.trim() : null;
  const tag = tags.stdout.split('\n')[0] ?? '';
  return {
    sha,
    shortSha,
    branch: fullRef?.replace(/^refs\/heads\//, '') ?? null,
    tag: tag === '' ? null : tag,
    ref: fullRef ?? (tag === '' ? null : `refs/tags/${tag}`),
    message: message.trim(),
    author,
    base: null,
    dirty: status.exitCode !== 0 || status.stdout !== '',
  };
}

/** True for a work tree whose branch has no commit yet: git knows HEAD's name, but not its commit. */
async function hasNoCommit(root: string): Promise<boolean> {
  const [name, commit, repository] = await Promise.all([
    runGit(root, ['symbolic-ref', '--quiet', 'HEAD']),
    runGit(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
    runGit(root, ['rev-parse', '--git-dir']),
  ]);
  if (repository.exitCode !== 0 || name.exitCode !== 0 || commit.exitCode === 0) return false;
  const known = await runGit(root, ['rev-parse', '--verify', '--quiet', name.stdout.trim()]);
  return known.exitCode !== 0;
}
