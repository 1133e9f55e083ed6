import { chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Environment } from './places.ts';
import type { PostgresProgram } from './postgres-program.ts';
import { runCommand } from './run-command.ts';
import { hashDataPath } from './runtime-places.ts';

/** As whom Postgres runs, and where that account may read and write. Postgres refuses root (ENGINE 2). */
export interface PostgresAccount {
  kind: 'self' | 'user-namespace' | 'nobody';
  /** Folder that holds `bin/postgres`. */
  programFolder: string;
  /** Folder that holds `postgres-<major>`. */
  dataParent: string;
  socketFolder: string;
  /** How a program of Postgres is started. */
  wrap(command: string, args: readonly string[]): PostgresCommand;
}

export interface PostgresCommand {
  command: string;
  args: readonly string[];
  account?: { uid: number; gid: number };
}

/** What {@link choosePostgresAccount} decides by. */
export interface AccountSearch {
  program: PostgresProgram;
  dataFolder: string;
  socketFolder: string;
  environment: Environment;
  isRoot?: boolean;
  /** Where an account without a home may keep data; replaceable in tests. */
  systemFolder?: string;
  canMapUsers?: () => Promise<boolean>;
}

const NOBODY = 65_534;
const UNSHARE = ['--user', '--map-user=1000', '--map-group=1000'] as const;

/** Chooses once per start; data that exists decides, so that an engine never starts beside its own data. */
export async function choosePostgresAccount(search: AccountSearch): Promise<PostgresAccount> {
  if (!(search.isRoot ?? process.getuid?.() === 0)) return describeOwner(search, 'self');
  const systemFolder = search.systemFolder ?? '/var/lib/buildit';
  const name = `postgres-${search.program.major}`;
  const ownFolder = join(systemFolder, hashDataPath(search.dataFolder));
  if (existsSync(join(ownFolder, name))) return prepareNobody(search, systemFolder, ownFolder);
  const canMapUsers = await (search.canMapUsers ?? (() => probeUserNamespace(search)))();
  if (canMapUsers) return describeOwner(search, 'user-namespace');
  if (existsSync(join(search.dataFolder, name))) throw lostNamespaceFault(search.dataFolder);
  return prepareNobody(search, systemFolder, ownFolder);
}

function describeOwner(search: AccountSearch, kind: 'self' | 'user-namespace'): PostgresAccount {
  return {
    kind,
    programFolder: search.program.folder,
    dataParent: search.dataFolder,
    socketFolder: search.socketFolder,
    wrap: (command, args) =>
      kind === 'self' ? { command, args } : { command: 'unshare', args: [...UNSHARE, command, ...args] },
  };
}

/**
 * Outside the namespace the process is still root's, so root's 0700 folders need no chown; but it may do no more than
 * their owner, so what lies in another user's closed home is out of its reach.
 */
async function probeUserNamespace(search: AccountSearch): Promise<boolean> {
  const test = 'test -w "$0" && test -x "$1"';
  const program = join(search.program.folder, 'bin', 'postgres');
  const args = [...UNSHARE, 'sh', '-c', test, search.dataFolder, program];
  return (await runCommand('unshare', args, { environment: search.environment, timeoutMs: 5_000 })).isSuccess;
}

function prepareNobody(search: AccountSearch, systemFolder: string, ownFolder: string): PostgresAccount {
  const socketFolder = join(ownFolder, 'run');
  try {
    mkdirSync(systemFolder, { recursive: true, mode: 0o755 });
    for (const folder of [ownFolder, socketFolder]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chownSync(folder, NOBODY, NOBODY);
    }
    return {
      kind: 'nobody',
      programFolder: copyProgram(search.program, systemFolder),
      dataParent: ownFolder,
      socketFolder,
      wrap: (command, args) => ({ command, args, account: { uid: NOBODY, gid: NOBODY } }),
    };
  } catch (error) {
    throw new FaultError({
      code: 'postgres-account',
      message: 'Postgres does not run as root, and no other account could be prepared for it',
      cause: error instanceof Error ? error.message : String(error),
      fix: `run buildit as another user, or make ${systemFolder} writable`,
      retry: NO_RETRY,
    });
  }
}

/** A copy of the programs that the account can read wherever BuildIt itself is installed. */
function copyProgram(program: PostgresProgram, systemFolder: string): string {
  const target = join(systemFolder, `postgres-${program.version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}.new`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(program.folder, draft, { recursive: true, verbatimSymlinks: true });
  renameSync(draft, target);
  return target;
}

function lostNamespaceFault(dataFolder: string): FaultError {
  return new FaultError({
    code: 'postgres-account',
    message: 'Postgres does not run as root, and this machine no longer allows user namespaces',
    cause: `the data in ${dataFolder} was written through unshare --user, which is refused now`,
    fix: 'allow unprivileged user namespaces again, or run with another BUILDIT_DATA',
    retry: NO_RETRY,
  });
}
