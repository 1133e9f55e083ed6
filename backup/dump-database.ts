import { finished } from 'node:stream/promises';
import type { Database } from '#db/client.ts';
import { readLevel } from '#db/migrate.ts';
import type { BackupManifest, TableFacts } from './manifest.ts';

/** Rows of one table are cut into entries of about this size: no table has to fit into memory. */
const PART_BYTES = 1024 * 1024;

/**
 * Columns that mean something to one database server alone: numbers of its transactions. Elsewhere they begin anew.
 */
const OF_THIS_SERVER = ['changed_in'];

/** A part of a table, as `COPY` writes it. */
export interface TablePart {
  table: string;
  /** From 1. */
  part: number;
  bytes: Buffer;
}

export interface DatabaseDump {
  facts: Pick<BackupManifest, 'level' | 'tables' | 'sequences'>;
  /** To be read whole, once, before `close`. */
  parts: AsyncIterable<TablePart>;
  close(): Promise<void>;
}

/** Reads all tables as they were at one moment, while others write. Takes one connection of the pool until `close`. */
export async function dumpDatabase(database: Database): Promise<DatabaseDump> {
  // The driver reserves a connection that is open, and waits for ever for one that is not.
  await database`SELECT 1`;
  const connection = await database.reserve();
  await connection`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`;
  const tables = await listTables(connection);
  const facts = { level: await readLevel(connection), tables, sequences: await listSequences(connection) };
  return {
    facts,
    parts: readTables(connection, tables),
    async close() {
      await connection`COMMIT`;
      connection.release();
    },
  };
}

async function* readTables(connection: Database, tables: readonly TableFacts[]): AsyncGenerator<TablePart> {
  for (const { name, columns } of tables) {
    let held: Buffer[] = [];
    let [size, part] = [0, 0];
    for await (const row of readRows(connection, name, columns)) {
      held.push(row);
      size += row.length;
      if (size < PART_BYTES) continue;
      yield { table: name, part: ++part, bytes: Buffer.concat(held) };
      [held, size] = [[], 0];
    }
    if (size > 0) yield { table: name, part: ++part, bytes: Buffer.concat(held) };
  }
}

/** Read to the end also when nobody wants the rest: the connection is of no use in the middle of a `COPY`. */
async function* readRows(connection: Database, table: string, columns: string[]): AsyncGenerator<Buffer> {
  const rows = await connection`COPY ${connection(table)} (${connection(columns)}) TO STDOUT`.readable();
  try {
    yield* rows.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    rows.resume();
    if (!rows.readableEnded) await finished(rows, { writable: false });
    // The driver stops its socket when the stream's buffer is full, and starts it when more is asked for: which nobody
    // does behind the last row.
    rows._read(0);
  }
}

/**
 * All but the list of migrations, which are run again; without what the database computes by itself. Each stands behind
 * those its rows refer to, so that they can be loaded as they come.
 */
async function listTables(connection: Database): Promise<TableFacts[]> {
  const references = await connection<Reference[]>`
    SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint
    WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = 'public'::regnamespace`;
  const tables = await connection<TableFacts[]>`
    SELECT pg_class.relname AS name, json_agg(pg_attribute.attname ORDER BY pg_attribute.attnum) AS columns
    FROM pg_class JOIN pg_attribute ON pg_attribute.attrelid = pg_class.oid
    WHERE pg_class.relkind = 'r' AND pg_class.relnamespace = 'public'::regnamespace
      AND pg_class.relname <> 'schema_migrations' AND pg_attribute.attnum > 0 AND NOT pg_attribute.attisdropped
      AND pg_attribute.attgenerated = '' AND pg_attribute.attname NOT IN ${connection(OF_THIS_SERVER)}
    GROUP BY pg_class.relname ORDER BY pg_class.relname`;
  return sortByReference(tables, references);
}

interface Reference {
  from: string;
  to: string;
}

/** One that refers to itself is no matter: the database looks when all its rows are there. */
function sortByReference(tables: readonly TableFacts[], references: readonly Reference[]): TableFacts[] {
  const sorted: TableFacts[] = [];
  const waiting = new Map(tables.map((table) => [table.name, table]));
  while (waiting.size > 0) {
    const next = [...waiting.values()].filter(
      ({ name }) => !references.some(({ from, to }) => from === name && to !== name && waiting.has(to)),
    );
    if (next.length === 0) throw new Error(`tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`);
    for (const table of next) {
      sorted.push(table);
      waiting.delete(table.name);
    }
  }
  return sorted;
}

async function listSequences(connection: Database): Promise<BackupManifest['sequences']> {
  const names = await connection<{ name: string }[]>`
    SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`;
  const sequences: BackupManifest['sequences'] = [];
  for (const { name } of names) {
    const [row] = await connection<{ value: number; isCalled: boolean }[]>`
      SELECT last_value AS value, is_called FROM ${connection(name)}`;
    if (row) sequences.push({ name, ...row });
  }
  return sequences;
}
