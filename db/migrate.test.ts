import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getTableConfig, isPgEnum, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultOf } from '#core/fault.ts';
import { startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import { asJson, openDatabase } from './client.ts';
import { migrate } from './migrate.ts';
import { inScope } from './scope.ts';

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

  /** Last migration of each version that people have data of. */
  test.each([['0.1.0', 1]] as const)(
    'data of %s is brought up to date and belongs to its workspace',
    async (_, level) => {
      const database = openDatabase(await server.createDatabase());
      const folder = await mkdtemp(join(tmpdir(), 'bi-migrations-'));
      const all = (await readdir(new URL('./migrations/', import.meta.url))).toSorted();
      for (const file of all.slice(0, level))
        await cp(new URL(`./migrations/${file}`, import.meta.url), join(folder, file));
      expect(await migrate(database, { folder: pathToFileURL(`${folder}/`) })).toEqual(all.slice(0, level));
      await database.unsafe(DATA_OF_0_1_0);

      expect(await migrate(database)).toEqual(all.slice(level));
      const scope = { callerId: 'user:local', organizationIds: [ORGANIZATION], workspaceIds: [WORKSPACE] };
      const counts = await inScope(database, scope, async (scoped) =>
        Promise.all(
          [
            'pipelines',
            'runs',
            'stages',
            'attempts',
            'gates',
            'decisions',
            'artifacts',
            'events',
            'outbox',
            'commands',
          ].map(async (table) => [
            table,
            (await scoped`SELECT FROM ${scoped(table)} WHERE workspace_id = ${WORKSPACE}`).length,
          ]),
        ),
      );
      expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
      const [run] = await database`SELECT label, state, priority FROM runs`;
      expect(run).toEqual({ label: 'local/1', state: 'passed', priority: 3 });
      await database.end();
      await rm(folder, { recursive: true });
    },
  );

  test('days that somebody has set stay though they are those that nobody had to set', async () => {
    const database = openDatabase(await server.createDatabase());
    await migrate(database, { level: 19 });
    const settings: Record<string, [days: number, ...set: [before: number, after: number][]]> = {
      'never-set': [90],
      'set-to-less': [30, [90, 30]],
      'set-and-set-back': [90, [90, 30], [30, 90]],
      'renamed-only': [90, [90, 90]],
    };
    let seq = 0;
    for (const [name, [days, ...set]] of Object.entries(settings)) {
      const [row] = await database<{ id: string }[]>`
        INSERT INTO workspaces (id, organization_id, name, retention_days)
        VALUES (gen_random_uuid(), ${ORGANIZATION}, ${name}, ${days}) RETURNING id`;
      for (const [before, after] of set) {
        await database`
          INSERT INTO audit_events (id, organization_id, workspace_id, at, actor, action, object_kind, object_id,
            object_name, verdict, address, request_id, detail, digest)
          VALUES (gen_random_uuid(), ${ORGANIZATION}, ${row?.id ?? ''}, date_trunc('milliseconds', now()), 'user:ann',
            'workspace.change', 'workspace', ${row?.id ?? ''}, ${name}, 'done', '', ${String(++seq)},
            ${asJson(database, { before: { retentionDays: before }, after: { retentionDays: after } })}, 'd')`;
      }
    }
    await migrate(database);
    const rows = await database<{ name: string; days: number | null }[]>`
      SELECT name, retention_days AS days FROM workspaces WHERE name IN ${database(Object.keys(settings))}`;
    expect(Object.fromEntries(rows.map(({ name, days }) => [name, days]))).toEqual({
      ...{ 'never-set': null, 'set-to-less': 30, 'set-and-set-back': 90, 'renamed-only': null },
    });
    await database.end();
  });

  test.each([
    ['{"sha":"c0ffee","branch":"main","dirty":false}', 'main'],
    ['{"sha":"c0ffee","branch":null,"dirty":false}', null],
    [String.raw`{"sha":"c0ffee","branch":"main\u0000","dirty":false}`, null],
    [null, null],
  ])('a run of before with the commit %s is of the branch %s', async (git, branch) => {
    const database = openDatabase(await server.createDatabase());
    await migrate(database, { level: 24 });
    await database.unsafe(DATA_OF_0_1_0);
    await database`UPDATE runs SET git = ${git}::text::json`;
    await migrate(database);
    expect(await database`SELECT branch FROM runs`).toEqual([{ branch }]);
    await database.end();
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

const ORGANIZATION = '00000000-0000-7000-8000-000000000001';
const WORKSPACE = '00000000-0000-7000-8000-000000000002';

/** One of everything that version 0.1.0 writes. */
const DATA_OF_0_1_0 = `
  INSERT INTO pipelines (id, workspace_id, origin, path, name)
    VALUES ('00000000-0000-7000-8000-00000000000a', '${WORKSPACE}', 'local', '/a.kdl', 'a');
  UPDATE run_counters SET last_number = 1;
  INSERT INTO run_numbers (scope, number) VALUES ('local', 1);
  INSERT INTO runs (id, workspace_id, pipeline_id, scope, number, attempt, label, trigger, started_by, params, notices,
      plan, plan_digest, file, source, environment, env_file, status, status_kind, ending)
    VALUES ('00000000-0000-7000-8000-00000000000b', '${WORKSPACE}', '00000000-0000-7000-8000-00000000000a', 'local', 1, 1,
      'local/1', 'local', 'user:local', '{}', '[]', '{}', 'digest', 'a.kdl', '{}', '{}', '{}', '{"kind":"ended"}', 'ended',
      'passed');
  INSERT INTO stages (id, run_id, kind, name, stage, position, needs, run_on, status, status_kind, outputs, artifacts, seq)
    VALUES (gen_random_uuid(), '00000000-0000-7000-8000-00000000000b', 'stage', 's', 's', 0, '[]', 'success',
      '{"kind":"ended"}', 'ended', '{}', '[]', 1);
  INSERT INTO attempts (run_id, stage, attempt, status, order_key)
    VALUES ('00000000-0000-7000-8000-00000000000b', 's', 1, '{}', 1);
  INSERT INTO gates (id, run_id, name, rules, status, status_kind, unmet, seq)
    VALUES ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-00000000000b', 'g', '{}', '{}', 'ended', '[]', 1);
  INSERT INTO decisions (gate_id, id, decision, at) VALUES ('00000000-0000-7000-8000-00000000000c', 'd', '{}', now());
  INSERT INTO artifacts (id, run_id, stage, attempt, name, files, bytes, reference)
    VALUES (gen_random_uuid(), '00000000-0000-7000-8000-00000000000b', 's', 1, 'x', 1, 1, '{}');
  INSERT INTO events (run_id, seq, kind, name, status) VALUES ('00000000-0000-7000-8000-00000000000b', 1, 'run', '', '{}');
  INSERT INTO outbox (run_id, input) VALUES ('00000000-0000-7000-8000-00000000000b', '{}');
  INSERT INTO commands (id, run_id, update_id, update_name, update_arguments, state)
    VALUES (gen_random_uuid(), '00000000-0000-7000-8000-00000000000b', 'u', 'cancelRun', '[]', 'accepted');
`;
