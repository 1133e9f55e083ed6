import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getTableConfig, isPgEnum, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultOf } from '#core/fault.ts';
import { startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import { openDatabase } from './client.ts';
import { migrate } from './migrate.ts';

describe('migrate', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test('several processes at once run each migration once', async () => {
    const url = await server.createDatabase();
    const databases = [openDatabase(url), openDatabase(url), openDatabase(url)];
    const ran = await Promise.all(databases.map((database) => migrate(database)));
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await migrate(databases[0] ?? openDatabase(url))).toEqual([]);
    await Promise.all(databases.map((database) => database.end()));
  });

  test('data of a newer version is refused with a fault', async () => {
    const database = openDatabase(await server.createDatabase());
    const folder = await mkdtemp(join(tmpdir(), 'bi-migrations-'));
    await cp(new URL('./migrations/', import.meta.url), folder, { recursive: true });
    const known = await migrate(database, { folder: pathToFileURL(`${folder}/`) });
    const next = String(known.length + 1).padStart(4, '0');
    await writeFile(join(folder, `${next}_newer.sql`), 'CREATE TABLE newer (id int)');
    await migrate(database, { folder: pathToFileURL(`${folder}/`) });
    const thrown = await migrate(database).catch((error: unknown) => error);
    expect(faultOf(thrown)).toMatchObject({ code: 'data-too-new', message: expect.stringContaining('newer BuildIt') });
    await database.end();
    await rm(folder, { recursive: true });
  });

  test('the tables are as the schema says', async () => {
    const database = openDatabase(await server.createDatabase());
    await migrate(database);
    const rows = await database<{ tableName: string; columnName: string; type: string; nullable: boolean }[]>`
      SELECT c.relname AS table_name, a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS type,
        NOT a.attnotnull AS nullable
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
        AND c.relname <> 'schema_migrations'`;
    const actual = rows.map(
      (row) => `${row.tableName}.${row.columnName} ${row.type}${row.nullable ? '' : ' not null'}`,
    );
    const expected = (await listSchema())
      .filter((value): value is PgTable => value instanceof PgTable)
      .flatMap((table) => {
        const config = getTableConfig(table);
        return config.columns.map((column) => {
          return `${config.name}.${toSnake(column.name)} ${column.getSQLType()}${column.notNull ? ' not null' : ''}`;
        });
      });
    expect(actual.toSorted()).toEqual(expected.toSorted());
    await database.end();
  });

  test('the enums are as the schema says', async () => {
    const database = openDatabase(await server.createDatabase());
    await migrate(database);
    for (const value of await listSchema()) {
      if (!isPgEnum(value)) continue;
      const rows = await database<{ label: string }[]>`
        SELECT enumlabel AS label FROM pg_enum WHERE enumtypid = ${value.enumName}::regtype ORDER BY enumsortorder`;
      expect(rows.map((row) => row.label)).toEqual(value.enumValues);
    }
    await database.end();
  });
});

/** Everything that the files of `db/schema` export. */
async function listSchema(): Promise<unknown[]> {
  const folder = new URL('./schema/', import.meta.url);
  const files = await readdir(folder);
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  return modules.flatMap((module) => Object.values(module));
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
