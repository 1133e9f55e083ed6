import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DeathLimit } from './death-count.ts';
import { findFreePort } from './free-port.ts';
import { type Keeper, type KeeperEvents, keepRunning } from './keep-running.ts';
import type { ChildRecord, CommandLineMark } from './leftovers.ts';
import type { DataFiles, Environment } from './places.ts';
import { choosePostgresAccount, type PostgresAccount } from './postgres-account.ts';
import { prepareDatabase } from './postgres-data.ts';
import { findPostgresProgram, type PostgresProgram } from './postgres-program.ts';
import { DATA_FLAG, describePostgresUrl, startPostgres } from './postgres-server.ts';
import { readIfPresent, removeIfPresent, writePrivateFile } from './private-file.ts';
import type { RotatingLog } from './rotating-log.ts';
import { makePrivateFolder } from './runtime-folder.ts';
import type { RuntimePlaces } from './runtime-places.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import type { TemporalBinary } from './temporal-cache.ts';
import { DATABASE_FLAG, startTemporal } from './temporal-server.ts';

/** What both servers of an engine are started with. */
export interface ServerContext {
  files: DataFiles;
  runtime: RuntimePlaces;
  environment: Environment;
  cacheFolder: string;
  namespace: string;
  children: ChildRecord;
  events: KeeperEvents;
  deathLimit: DeathLimit;
  openLog: (role: 'temporal' | 'postgres') => RotatingLog;
  onProgress: (line: string) => void;
}

/** A server that is prepared and may be started at any time; its address is known before it runs. */
export interface PreparedServer {
  address: string;
  keep(): Keeper;
}

const READY_WITHIN_MS = 30_000;
const POSTGRES_PATIENCE_MS = 10_000;

/** Command lines by which a Temporal or Postgres of this data folder is known. */
export function markServers(files: DataFiles, postgresData: string): CommandLineMark[] {
  const databases = listTemporalDatabases(files.folder);
  return [
    ...databases.map((path) => ({ role: 'temporal' as const, flag: DATABASE_FLAG, path })),
    { role: 'postgres' as const, flag: DATA_FLAG, path: postgresData },
  ];
}

/** Finds (or fetches) Temporal and chooses its port. The version is pinned to the data while runs may be open. */
export async function prepareTemporal(context: ServerContext): Promise<PreparedServer> {
  const pinned = readIfPresent(context.files.temporalPin)?.trim();
  const binary = await findTemporalBinary({
    cacheFolder: context.cacheFolder,
    environment: context.environment,
    onProgress: context.onProgress,
    ...(pinned ? { pinned } : {}),
  });
  const databaseFile = claimDatabase(context.files, binary);
  const port = await findFreePort();
  const log = context.openLog('temporal');
  const launch = (): Promise<ReturnType<typeof startTemporal>> =>
    Promise.resolve(
      startTemporal({
        binary,
        databaseFile,
        namespace: context.namespace,
        // The same port after a death: worker and API know no other and reconnect by themselves.
        port,
        environment: context.environment,
        log,
        onSpawn: (identity) => context.children.add({ ...identity, role: 'temporal' }),
        readyWithinMs: READY_WITHIN_MS,
      }),
    );
  return {
    address: `127.0.0.1:${port}`,
    keep: () => keepRunning('temporal', launch, context.events, context.deathLimit),
  };
}

/** Lets another Temporal version take over at the next start: no run is open. */
export function unpinTemporal(files: DataFiles): void {
  removeIfPresent(files.temporalPin);
}

function claimDatabase(files: DataFiles, binary: TemporalBinary): string {
  const file = join(files.folder, `temporal-${binary.version}.db`);
  for (const other of listTemporalDatabases(files.folder)) {
    if (other === file || readIfPresent(files.temporalPin) !== null) continue;
    for (const suffix of ['', '-wal', '-shm']) rmSync(other + suffix, { force: true });
  }
  writePrivateFile(files.temporalPin, `${binary.version}\n`);
  return file;
}

function listTemporalDatabases(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^temporal-\d+\.\d+\.\d+\.db$/.test(name))
    .map((name) => join(folder, name));
}

/** The database before it runs: where it is, and as whom it will run. */
export interface PostgresPlan {
  program: PostgresProgram;
  account: PostgresAccount;
  dataFolder: string;
}

/** Decides as whom Postgres runs. Makes nothing that needs the leftovers of a killed engine to be gone. */
export async function planPostgres(
  files: DataFiles,
  runtime: RuntimePlaces,
  environment: Environment,
): Promise<PostgresPlan> {
  const program = findPostgresProgram();
  const account = await choosePostgresAccount({
    program,
    dataFolder: files.folder,
    socketFolder: runtime.postgres,
    environment,
  });
  return { program, account, dataFolder: join(account.dataParent, `postgres-${program.major}`) };
}

/** Makes the database if there is none. */
export async function preparePostgres(context: ServerContext, plan: PostgresPlan): Promise<PreparedServer> {
  const { program, account } = plan;
  if (account.kind === 'nobody') mkdirSync(account.socketFolder, { recursive: true });
  else makePrivateFolder(account.socketFolder);
  const dataFolder = await prepareDatabase(account, program.major, context.environment);
  const log = context.openLog('postgres');
  const launch = (): ReturnType<typeof startPostgres> =>
    startPostgres({
      account,
      version: program.version,
      dataFolder,
      environment: context.environment,
      log,
      onSpawn: (identity) => context.children.add({ ...identity, role: 'postgres' }),
      patienceMs: POSTGRES_PATIENCE_MS,
    });
  return {
    address: describePostgresUrl(account.socketFolder),
    keep: () => keepRunning('postgres', launch, context.events, context.deathLimit),
  };
}
