import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { nameConfigFile } from './config-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is kept of a sign-in, for one context. A secret goes to the server it was got from and to no other. */
export type Kept =
  | { kind: 'token'; server: string; token: string }
  | { kind: 'session'; server: string; accessToken: string; refreshToken: string; expiresAt: string };

type All = Record<string, Kept>;

const LOCK_PAUSE_MS = 50;

/** Tokens by context, in `credentials` beside the configuration, for the user alone. */
export interface Credentials {
  find(context: string): Kept | null;
  keep(context: string, kept: Kept): void;
  /** Whether there was something to forget. */
  forget(context: string): boolean;
  /** Runs `work` while no other command does: a refresh token may be used once only. */
  locked<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function openCredentials(environment: Environment): Credentials {
  const path = join(dirname(nameConfigFile(environment)), 'credentials');
  const lock = `${path}.lock`;
  const read = (): All => {
    if (!existsSync(path)) return {};
    refuseWide(path);
    return parse(path, readFileSync(path, 'utf8'));
  };
  const write = (all: All) => {
    mkdirSync(dirname(path), { recursive: true });
    const next = `${path}.${process.pid}.new`;
    writeFileSync(next, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
    // The mode of a file that an earlier command left behind is not changed by writing to it.
    chmodSync(next, 0o600);
    renameSync(next, path);
  };
  return {
    find: (context) => {
      const all = read();
      return Object.hasOwn(all, context) ? (all[context] ?? null) : null;
    },
    keep: (context, kept) => write({ ...read(), [context]: kept }),
    forget(context) {
      const { [context]: gone, ...others } = read();
      if (gone !== undefined) write(others);
      return gone !== undefined;
    },
    async locked(work) {
      mkdirSync(dirname(path), { recursive: true });
      while (!takeLock(lock)) await wait(LOCK_PAUSE_MS);
      try {
        return await work();
      } finally {
        rmSync(lock, { force: true });
      }
    },
  };
}

/** The lock has its owner from its first moment on: killed in between, a command leaves none that nobody could judge. */
function takeLock(lock: string): boolean {
  const draft = `${lock}.${process.pid}.new`;
  try {
    writeFileSync(draft, String(process.pid), { mode: 0o600 });
    linkSync(draft, lock);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether the command that took the lock has died without giving it back. */
function isAbandoned(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!(pid > 0)) return true;
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH';
  }
}

function refuseWide(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new CommandError(EXIT.usage, {
    code: 'credentials-wide',
    message: `others may read ${path} (mode ${mode.toString(8)})`,
    cause: 'it holds your tokens',
    fix: `chmod 600 ${path}; if somebody may have read it, sign in again and revoke the old session`,
  });
}

function parse(path: string, text: string): All {
  try {
    return JSON.parse(text) as All;
  } catch (thrown) {
    throw new CommandError(EXIT.usage, {
      code: 'credentials-damaged',
      message: `${path} is not what buildit login wrote`,
      cause: thrown instanceof Error ? thrown.message : String(thrown),
      fix: 'remove the file and sign in again: buildit login URL',
    });
  }
}
