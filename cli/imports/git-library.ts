import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LIMITS } from '#config/pipeline/guard.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

const run = promisify(execFile);

/** A repository at one commit, fetched without the rest of its history. */
export interface GitLibrary {
  commit: string;
  /** Text of a regular file; null when there is none. */
  read(path: string): Promise<string | null>;
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Long enough for a slow line; a server that says nothing ends the command. */
const TIMEOUT_MS = 120_000;

/** Fetches a branch, tag or commit. Throws exit 2 with what git said. */
export async function fetchLibrary(url: string, ref: string, environment: Environment): Promise<GitLibrary> {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-import-'));
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('git', ['-C', folder, ...args], {
      // A question would wait for ever, and of git's transports `ext` runs any program.
      env: { ...environment, GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh', LC_ALL: 'C' },
      timeout: TIMEOUT_MS,
      maxBuffer: LIMITS.bytes + 1,
    });
    return stdout;
  };
  try {
    await git('init', '--quiet', '--bare');
    await git('fetch', '--quiet', '--depth', '1', '--no-tags', '--', url, ref);
    const commit = (await git('rev-parse', '--verify', 'FETCH_HEAD^{commit}')).trim();
    return {
      commit,
      async read(path) {
        const listed = await git('ls-tree', commit, '--', path);
        return /^100(?:644|755) blob /.test(listed) ? git('cat-file', 'blob', `${commit}:${path}`) : null;
      },
      close: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (thrown) {
    rmSync(folder, { recursive: true, force: true });
    throw new CommandError(EXIT.usage, {
      code: 'import-unfetched',
      message: `git cannot fetch ${ref} of ${url}`,
      cause: readCause(thrown),
      fix: 'is there such a branch, tag or commit, and can git sign in there? BUILDIT_IMPORTS says where libraries are',
    });
  }
}

function readCause(thrown: unknown): string {
  const said = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : '';
  const line = said.split('\n').find((one) => one.startsWith('fatal:')) ?? said.split('\n')[0];
  return line || (thrown instanceof Error ? thrown.message : String(thrown));
}
