import { spawn } from 'node:child_process';

export interface GitAnswer {
  /** Null when git is not on PATH. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Variables by which a caller's git (a hook, say) would point ours at another repository. */
const FOREIGN = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
];

/**
 * Runs git in a folder, without a shell, without taking locks, asking questions or
 * starting the folder's own monitor. `env -u` drops the caller's repository, so that
 * nothing here reads the environment. The folder's owner may be another user: whoever
 * asks has just asked for the programs in it to be run.
 */
export async function runGit(folder: string, args: readonly string[]): Promise<GitAnswer> {
  const settings = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false'];
  const variables = ['GIT_OPTIONAL_LOCKS=0', 'GIT_TERMINAL_PROMPT=0', 'LC_ALL=C'];
  const unset = FOREIGN.flatMap((name) => ['-u', name]);
  const child = spawn('env', [...unset, ...variables, 'git', '-C', folder, ...settings, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
  return {
    // 127 is env's word for a command that it cannot find.
    exitCode: code === 127 ? null : code,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  };
}
