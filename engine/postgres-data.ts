import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Environment } from './places.ts';
import type { PostgresAccount } from './postgres-account.ts';
import { lastLine, runCommand } from './run-command.ts';

/** The only database user; the socket's folder decides who may be it. */
export const POSTGRES_USER = 'postgres';

/**
 * The data folder of this major version; made when there is none. Throws `postgres-major` when there is one of another
 * major only: the package has no tool to convert it (ENGINE 10).
 */
export async function prepareDatabase(
  account: PostgresAccount,
  major: number,
  environment: Environment,
): Promise<string> {
  const folder = join(account.dataParent, `postgres-${major}`);
  if (existsSync(folder)) return folder;
  const other = findOtherMajor(account.dataParent, major);
  if (other !== null) throw majorFault(account.dataParent, other, major);
  await initialize(account, folder, environment);
  return folder;
}

function findOtherMajor(parent: string, major: number): number | null {
  const majors = readdirSync(parent).map((name) => Number(/^postgres-(\d+)$/.exec(name)?.[1] ?? Number.NaN));
  return majors.find((one) => Number.isInteger(one) && one !== major) ?? null;
}

/** Under another name first: a folder that bears the right name is whole, whenever we were ended. */
async function initialize(account: PostgresAccount, folder: string, environment: Environment): Promise<void> {
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  const {
    command,
    args,
    account: ids,
  } = account.wrap(join(account.programFolder, 'bin', 'initdb'), [
    ...['--pgdata', draft],
    ...['--username', POSTGRES_USER],
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  const result = await runCommand(command, args, {
    environment: { ...environment, TZ: 'UTC', LC_ALL: 'C' },
    timeoutMs: 60_000,
    ...(ids ? { account: ids } : {}),
  });
  if (!result.isSuccess) {
    throw new FaultError({
      code: 'postgres-init',
      message: `The database could not be made in ${folder}`,
      cause: lastLine(result.stderr) || result.ended,
      fix: 'make room on that disk and check its rights, then run the command again',
      retry: NO_RETRY,
    });
  }
  renameSync(draft, folder);
}

function majorFault(parent: string, found: number, wanted: number): FaultError {
  return new FaultError({
    code: 'postgres-major',
    message: `The data in ${parent} was written by Postgres ${found}, this BuildIt brings Postgres ${wanted}`,
    cause: 'this release does not copy data from one major version to the other',
    fix: 'run the BuildIt that wrote it, or set BUILDIT_DATA to a new folder',
    retry: NO_RETRY,
  });
}
