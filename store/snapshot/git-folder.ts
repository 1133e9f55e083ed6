import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { type GitAnswer, runGit } from './run-git.ts';

/**
 * A shallow repository of the commit that is checked out at `root`, with all tags, made in
 * a new folder below `folder`; answers the path of its `.git`. Its index is that of the
 * commit, so that `git status` in a stage shows what the work tree differs in. The remote
 * keeps its address, without a user or password in it.
 */
export async function makeShallowGit(root: string, folder: string): Promise<string> {
  const clone = await mkdtemp(join(folder, 'git-'));
  const address = pathToFileURL(root).href;
  const run = async (place: string, args: readonly string[]) => check(root, await runGit(place, args));
  await run(root, ['clone', '--quiet', '--no-checkout', '--depth=1', '--no-hardlinks', '--template=', address, clone]);
  await run(clone, ['fetch', '--quiet', '--depth=1', 'origin', 'refs/tags/*:refs/tags/*']);
  await run(clone, ['read-tree', 'HEAD']);
  const remote = await runGit(root, ['remote', 'get-url', 'origin']);
  if (remote.exitCode === 0) await run(clone, ['remote', 'set-url', 'origin', withoutUser(remote.stdout.trim())]);
  else await run(clone, ['remote', 'remove', 'origin']);
  return join(clone, '.git');
}

function check(root: string, answer: GitAnswer): void {
  if (answer.exitCode === 0) return;
  throw new FaultError({
    code: 'snapshot-git-failed',
    message: `No shallow copy of the repository at ${root} could be made`,
    cause: answer.exitCode === null ? 'git is not on PATH' : answer.stderr.trim(),
    fix: 'Run without --git, or in a git work tree that has a commit',
    retry: NO_RETRY,
  });
}

function withoutUser(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}
