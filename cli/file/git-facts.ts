import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { GitFacts } from '#core/plan.ts';

const run = promisify(execFile);

/**
 * Facts of HEAD by one call of git, for the check before the engine is asked; the engine
 * reads them again and its plan counts (ENGINE 11). Null without git or without a commit.
 * `dirty` is not looked at here: no word of the language reads it.
 */
export async function readGitFacts(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<GitFacts | null> {
  const format = ['%H', '%h', '%an', '%D', '%B'].join('%x00');
  try {
    const { stdout } = await run('git', ['-C', root, 'log', '-1', '--decorate=full', `--format=${format}`], {
      env: { ...environment, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      maxBuffer: 4 * 1024 * 1024,
    });
    const [sha = '', shortSha = '', author = '', decorations = '', message = ''] = stdout.split('\0');
    const branch = /HEAD -> refs\/heads\/([^,]+)/.exec(decorations)?.[1] ?? null;
    const tag = /tag: refs\/tags\/([^,]+)/.exec(decorations)?.[1] ?? null;
    const ref = branch !== null ? `refs/heads/${branch}` : tag !== null ? `refs/tags/${tag}` : null;
    return { sha, shortSha, branch, tag, ref, message: message.trimEnd(), author, base: null, dirty: false };
  } catch {
    return null;
  }
}

/** Whether the work tree differs from HEAD: changed, staged or new files that are not ignored. */
export async function isDirty(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const { stdout } = await run('git', ['-C', root, 'status', '--porcelain', '-z'], {
    env: { ...environment, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout !== '';
}
