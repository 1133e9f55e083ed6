import { runGit } from './run-git.ts';

/**
 * Paths that git has although a `.gitignore` names them, with the folders above them (with
 * a `/` behind): to git they are not ignored. Empty where there is no git.
 */
export async function listTrackedIgnored(root: string): Promise<Set<string>> {
  const answer = await runGit(root, ['ls-files', '--cached', '--ignored', '--exclude-per-directory=.gitignore', '-z']);
  const tracked = new Set<string>();
  if (answer.exitCode !== 0) return tracked;
  for (const path of answer.stdout.split('\0')) {
    if (path === '') continue;
    tracked.add(path);
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) tracked.add(path.slice(0, end + 1));
  }
  return tracked;
}
