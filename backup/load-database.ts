import { pipeline } from 'node:stream/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Database, Transaction } from '#db/client.ts';
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

/** Makes the schema the archive has, and nothing else. */
export async function prepareSchema(database: Database, level: number): Promise<void> {
  await database`DROP SCHEMA public CASCADE`;
  await database`CREATE SCHEMA public`;
  await migrate(database, { level });
}

/**
 * Puts all rows where they were, in one transaction; then runs the migrations the archive did not have. Our triggers
 * are off meanwhile: what they would write is in the rows. `parts` are in the order of the manifest's tables.
 */
export async function loadDatabase(
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
  await migrate(database);
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
