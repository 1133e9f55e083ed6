import type { CommitPlace } from '#core/concurrency.ts';
import { runGit } from './run-git.ts';

/**
 * Where the commit that is checked out stands on its branch: how many commits are behind it along the first parents. Null
 * where git cannot say: no commit, or a clone without its history.
 */
export async function readCommitPlace(root: string, branch: string): Promise<CommitPlace | null> {
  const [shallow, count] = await Promise.all([
    runGit(root, ['rev-parse', '--is-shallow-repository']),
    runGit(root, ['rev-list', '--count', '--first-parent', 'HEAD']),
  ]);
  const position = Number(count.stdout.trim());
  const isKnown = shallow.stdout.trim() === 'false' && count.exitCode === 0 && Number.isSafeInteger(position);
  return isKnown && position > 0 ? { branch, position } : null;
}
