import { pipeline } from 'node:stream/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { type Database, openDatabase, type Transaction } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import type { TablePart } from './dump-database.ts';
import type { BackupManifest } from './manifest.ts';

/** Tables a used installation has rows in; a new one has none there. */
const SIGNS_OF_USE = ['users', 'runs', 'pipelines', 'secrets', 'audit_events'];

/**
 * Refuses a database that somebody uses: fault `restore-not-empty` with what is in it. What other processes are
 * connected is for the caller to say.
 */
export async function requireEmpty(database: Database): Promise<void> {
  for (const table of SIGNS_OF_USE) {
    const [found] = await database<{ name: string | null }[]>`SELECT to_regclass(${table})::text AS name`;
    if (!found?.name) continue;
    const [row] = await database<{ isUsed: boolean }[]>`SELECT EXISTS (SELECT FROM ${database(table)}) AS is_used`;
    if (!row?.isUsed) continue;
    throw new FaultError({
      code: 'restore-not-empty',
      message: 'An archive is restored into a new installation only',
      cause: `the database has rows in ${table}`,
      fix: 'Set BUILDIT_DATA to a new folder, or DATABASE_URL to a new database',
      retry: NO_RETRY,
    });
  }
}

/** Refuses a database that an API or a worker is connected to: fault `restore-in-use`. */
export async function requireUnused(database: Database): Promise<void> {
  const others = await database<{ name: string }[]>`
    SELECT DISTINCT application_name AS name FROM pg_stat_activity
    WHERE datname = current_database() AND application_name IN ('buildit-api', 'buildit-worker')`;
  if (others.length === 0) return;
  throw new FaultError({
    code: 'restore-in-use',
    message: 'Other processes use the database',
    cause: `${others.map(({ name }) => name).join(' and ')} ${others.length === 1 ? 'is' : 'are'} connected`,
    fix: 'Stop every API and worker of this server, restore, then start them again',
    retry: NO_RETRY,
  });
}

/** Where the new tables grow, beside those in use. */
const DRAFT = 'restoring';

const SWAP_TRIES = 20;
const DEADLOCK = '40P01';

/**
 * Makes all tables of an archive with their rows, beside the present ones, and puts them in their place in one step:
 * whoever is connected sees the old ones or the new ones. `parts` are in the order of the manifest's tables.
 */
export async function loadDatabase(
  url: string,
  manifest: Pick<BackupManifest, 'level' | 'tables' | 'sequences'>,
  parts: AsyncIterable<TablePart>,
): Promise<void> {
  const database = openDatabase(url, { name: 'buildit-restore', max: 1, schema: DRAFT });
  try {
    await database`DROP SCHEMA IF EXISTS ${database(DRAFT)} CASCADE`;
    await database`CREATE SCHEMA ${database(DRAFT)}`;
    // As `public` has it: the role of requests finds its tables there.
    await database`GRANT USAGE ON SCHEMA ${database(DRAFT)} TO PUBLIC`;
    await migrate(database, { level: manifest.level });
    await copyRows(database, manifest, parts);
    await migrate(database);
    await swap(database);
  } finally {
    await database.end({ timeout: 1 });
  }
}

/** Tried again when it and another process wait for each other: nothing has happened then. */
async function swap(database: Database): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await database.begin(async (transaction) => {
        await transaction`DROP SCHEMA public CASCADE`;
        await transaction`ALTER SCHEMA ${transaction(DRAFT)} RENAME TO public`;
      });
      return;
    } catch (thrown) {
      const isDeadlock = thrown instanceof Error && 'code' in thrown && thrown.code === DEADLOCK;
      if (!isDeadlock || tries === SWAP_TRIES) throw thrown;
    }
  }
}

/** In one transaction. Our triggers are off meanwhile: what they would write is in the rows. */
async function copyRows(
  database: Database,
  manifest: Pick<BackupManifest, 'tables' | 'sequences'>,
  parts: AsyncIterable<TablePart>,
): Promise<void> {
  const names = manifest.tables.map(({ name }) => name);
  await database.begin(async (transaction) => {
    for (const name of names) await transaction`ALTER TABLE ${transaction(name)} DISABLE TRIGGER USER`;
    // Rows that the migrations made are in the archive, too.
    for (const name of names.toReversed()) await transaction`DELETE FROM ${transaction(name)}`;
    await copyParts(transaction, manifest, parts);
    for (const { name, value, isCalled } of manifest.sequences) {
      await transaction`SELECT setval(${name}::text::regclass, ${value}, ${isCalled})`;
    }
    for (const name of names) await transaction`ALTER TABLE ${transaction(name)} ENABLE TRIGGER USER`;
  });
}

async function copyParts(
  transaction: Transaction,
  manifest: Pick<BackupManifest, 'tables'>,
  parts: AsyncIterable<TablePart>,
): Promise<void> {
  const iterator = parts[Symbol.asyncIterator]();
  let next = await iterator.next();
  while (next.done !== true) {
    const { table } = next.value;
    const columns = manifest.tables.find(({ name }) => name === table)?.columns ?? [];
    const rows = await transaction`COPY ${transaction(table)} (${transaction(columns)}) FROM STDIN`.writable();
    await pipeline(async function* readOneTable() {
      for (; next.done !== true && next.value.table === table; next = await iterator.next()) yield next.value.bytes;
    }, rows);
  }
}
