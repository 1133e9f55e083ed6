import { readdir, readFile } from 'node:fs/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Database, Queryable } from './client.ts';

/** Any fixed number of ours: everyone who migrates takes this lock first. */
const MIGRATION_LOCK = 7_226_001;

const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Brings the schema up to date, forward only. One process does it at a time (advisory lock); when nothing is to be
 * done it costs one query. Throws the fault `data-too-new` when the data was written by a newer version (ENGINE 9).
 * With `level` it stops behind the migration of that number: for data that is older. Answers the names of the migrations
 * it ran.
 */
export async function migrate(database: Database, options: { folder?: URL; level?: number } = {}): Promise<string[]> {
  const { folder = FOLDER, level: last = Infinity } = options;
  const all = await listMigrations(folder);
  const known = all.at(-1)?.number ?? 0;
  if (last !== Infinity && last > known) throw createTooNew(last, known);
  const migrations = all.filter(({ number }) => number <= last);
  const newest = migrations.at(-1)?.number ?? 0;
  if ((await readLevel(database)) === newest) return [];
  return database.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`;
    await transaction`
      CREATE TABLE IF NOT EXISTS schema_migrations (
        number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
      )`;
    const level = await readLevel(transaction);
    if (level > newest) throw createTooNew(level, newest);
    const due = migrations.filter((migration) => migration.number > level);
    for (const migration of due) {
      await transaction.unsafe(await readFile(new URL(migration.file, folder), 'utf8'));
      await transaction`INSERT INTO schema_migrations ${transaction({ number: migration.number, name: migration.file })}`;
    }
    return due.map((migration) => migration.file);
  });
}

/** How many migrations this version has that the database does not. */
export async function findSchemaLag(database: Database): Promise<number> {
  const [migrations, level] = await Promise.all([listMigrations(FOLDER), readLevel(database)]);
  return Math.max(0, (migrations.at(-1)?.number ?? 0) - level);
}

/** Number of the last migration that ran; 0 on an empty database. */
export async function readLevel(queryable: Queryable): Promise<number> {
  const [table] = await queryable<{ found: string | null }[]>`SELECT to_regclass('schema_migrations')::text AS found`;
  if (!table?.found) return 0;
  const [row] = await queryable<{ level: number }[]>`SELECT coalesce(max(number), 0) AS level FROM schema_migrations`;
  return row?.level ?? 0;
}

async function listMigrations(folder: URL): Promise<{ number: number; file: string }[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).toSorted();
  return files.map((file, index) => {
    const number = Number(file.slice(0, 4));
    if (number !== index + 1 || !/^\d{4}_[a-z0-9-]+\.sql$/.test(file)) {
      throw new Error(`migrations are numbered 0001, 0002, … without a gap: ${file} is not ${index + 1}`);
    }
    return { number, file };
  });
}

function createTooNew(level: number, newest: number): FaultError {
  return new FaultError({
    code: 'data-too-new',
    message: 'the data was written by a newer BuildIt',
    cause: `its schema has number ${level}, this version knows ${newest}`,
    fix: 'use the newer version, or another data folder (BUILDIT_DATA)',
    retry: NO_RETRY,
  });
}
