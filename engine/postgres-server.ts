import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FaultError } from '#core/fault.ts';
import { keepTail } from './log-tail.ts';
import { type Part, type SpawnedPart, spawnPart } from './part.ts';
import type { Environment } from './places.ts';
import type { PostgresAccount } from './postgres-account.ts';
import { POSTGRES_USER } from './postgres-data.ts';
import { removeDeadLocks } from './postgres-remains.ts';
import { readIfPresent } from './private-file.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { RotatingLog } from './rotating-log.ts';

/** One start of Postgres over an initialized folder. */
export interface PostgresStart {
  account: PostgresAccount;
  version: string;
  dataFolder: string;
  environment: Environment;
  log: RotatingLog;
  onSpawn: (identity: ProcessIdentity) => void;
  /** How long it is tried while remains of a killed one are in its way. */
  patienceMs: number;
}

/** The flag that marks a Postgres of ours, with its data folder behind it. */
export const DATA_FLAG = '-D';

const PORT = 5432;
/** What Postgres says while processes of a killed one still hold its memory or its lock file. */
const REMAINS = /pre-existing shared memory block|lock file "[^"]*" already exists/;

/** Address of the database for postgres.js and libpq; the host is the socket's folder. */
export function describePostgresUrl(socketFolder: string): string {
  return `postgres://${POSTGRES_USER}@localhost:${PORT}/postgres?host=${encodeURIComponent(socketFolder)}`;
}

/** Starts Postgres on its unix socket alone; resolves when it takes connections. */
export async function startPostgres(start: PostgresStart): Promise<Part> {
  const until = performance.now() + start.patienceMs;
  const address = join(start.account.socketFolder, `.s.PGSQL.${PORT}`);
  for (;;) {
    removeDeadLocks(start.dataFolder, `${address}.lock`);
    const log = keepTail(start.log);
    const spawned = spawnPostgres(start, log);
    const end = await waitUntilReady(spawned, start.dataFolder, until);
    if (end === null) {
      return { role: 'postgres', ...spawned, address, version: start.version, ready: Promise.resolve() };
    }
    await spawned.stop();
    if (performance.now() > until || !REMAINS.test(log.tail())) throw startFault(start, log.tail(), end);
    await pause(100);
  }
}

function spawnPostgres(start: PostgresStart, log: RotatingLog): SpawnedPart {
  const { command, args, account } = start.account.wrap(join(start.account.programFolder, 'bin', 'postgres'), [
    ...[DATA_FLAG, start.dataFolder],
    ...['-k', start.account.socketFolder],
    ...['-h', ''],
    ...['-p', String(PORT)],
    ...[
      'unix_socket_permissions=0700',
      // Nobody replicates an embedded database; less is written for the same durability.
      'wal_level=minimal',
      'max_wal_senders=0',
      'max_wal_size=256MB',
      'shared_buffers=64MB',
      'jit=off',
      'timezone=UTC',
      'log_timezone=UTC',
    ].flatMap((setting) => ['-c', setting]),
  ]);
  return spawnPart(
    {
      role: 'postgres',
      command,
      args,
      environment: { ...start.environment, TZ: 'UTC', LC_ALL: 'C' },
      log,
      endingSteps: [
        { signal: 'SIGINT', waitMs: 4_000 },
        { signal: 'SIGQUIT', waitMs: 3_000 },
        { signal: 'SIGKILL', waitMs: 2_000 },
      ],
      ...(account ? { account } : {}),
    },
    start.onSpawn,
  );
}

/** @returns null when it is ready, else how it ended or that time is up */
async function waitUntilReady(spawned: SpawnedPart, dataFolder: string, until: number): Promise<string | null> {
  let end: string | null = null;
  void spawned.exited.then((how) => (end = how));
  const file = join(dataFolder, 'postmaster.pid');
  // Recovery after a crash may take longer than the patience for remains: as long as it lives and says so, it is awaited.
  const deadline = until + 60_000;
  while (end === null) {
    const lines = (readIfPresent(file) ?? '').split('\n');
    if (Number(lines[0]) === spawned.identity.pid && lines[7]?.trim() === 'ready') return null;
    if (performance.now() > deadline) return 'not ready in time';
    await pause(10);
  }
  return end;
}

function startFault(start: PostgresStart, tail: string, end: string): FaultError {
  const said = tail.split('\n').findLast((line) => /FATAL|PANIC|error while loading/.test(line));
  return new FaultError({
    code: 'postgres-start',
    message: `Postgres did not start over ${start.dataFolder}`,
    cause: said?.trim() ?? end,
    fix: `read ${start.log.path}`,
    retry: { kind: 'yes', afterMs: 0 },
  });
}
