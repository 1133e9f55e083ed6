import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMigratedDatabase } from '#test/env/databases.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { locatePostgres, locatePostgres15, startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import type { Database, Queryable } from './client.ts';
import { inScope, type Scope, type Scoped } from './scope.ts';

/** Counters that requests draw numbers from, and what is switched for all; they tell nothing of anybody (0007, 0018). */
const SHARED = ['run_counters', 'run_numbers', 'switches'];

interface Column {
  name: string;
  type: string;
  isIdentity: boolean;
  isNullable: boolean;
  canSelect: boolean;
  canInsert: boolean;
  canUpdate: boolean;
}

interface Table {
  name: string;
  isLimited: boolean;
  columns: Column[];
}

interface Tenant {
  organization: string;
  workspace: string;
  user: string;
  caller: string;
}

const createTenant = (): Tenant => ({
  ...{ organization: randomUUID(), workspace: randomUUID(), user: randomUUID(), caller: `user:${randomUUID()}` },
});

const scopeOf = (tenant: Tenant): Scope => ({
  callerId: tenant.caller,
  organizationIds: [tenant.organization],
  workspaceIds: [tenant.workspace],
});

function describeLocks(locate: (program: string) => string): void {
  let server: TestPostgres;
  let database: Database;
  let tables: Table[];
  const [a, b] = [createTenant(), createTenant()];

  beforeAll(async () => {
    server = await startPostgres(locate);
    ({ database } = await createMigratedDatabase(server));
    tables = await listTables(database);
    await addRows(database, tables, [a, b]);
  });
  afterAll(async () => {
    await database.end();
    await server.stop();
  });

  const reachable = (right: keyof Column) =>
    tables.filter(({ name, columns }) => !SHARED.includes(name) && columns.some((column) => column[right] === true));
  /** What differs from the expectation, by table. */
  const walk = async (chosen: readonly Table[], check: (table: Table) => Promise<string | null>) => {
    expect(chosen.length).toBeGreaterThan(5);
    const wrong: Record<string, string> = {};
    for (const table of chosen) {
      const said = await check(table);
      if (said !== null) wrong[table.name] = said;
    }
    return wrong;
  };
  /** Rows of the tenant, as the owner of the tables sees them. */
  const countOwn = async (table: Table, tenant: Tenant, sql: Queryable = database): Promise<number> => {
    const [row] = await sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM ${sql(table.name)} WHERE ${whoseRows(sql, table, tenant)}`;
    return row?.count ?? 0;
  };

  test('every table that requests can reach has a policy, or is one of the shared counters', () => {
    const open = tables.filter(
      ({ name, isLimited, columns }) =>
        !isLimited && !SHARED.includes(name) && columns.some((c) => c.canSelect || c.canInsert || c.canUpdate),
    );
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  test('a SELECT without WHERE sees the rows of the own tenant, all of them and no others', async () => {
    const wrong = await walk(reachable('canSelect'), async (table) => {
      const names = table.columns.filter((column) => column.canSelect).map(({ name }) => name);
      const rows = await inScope(
        database,
        scopeOf(a),
        (scoped) => scoped`SELECT ${scoped(names)} FROM ${scoped(table.name)}`,
      );
      const own = await countOwn(table, a);
      expect(own).toBeGreaterThan(0);
      const text = JSON.stringify(rows);
      const foreign = Object.values(b).some((id) => text.includes(id));
      return rows.length === own && !foreign ? null : `${rows.length} rows, ${own} are its own`;
    });
    expect(wrong).toEqual({});
  });

  test('without a scope nothing is seen', async () => {
    const nobody = { callerId: '', organizationIds: [], workspaceIds: [] };
    const wrong = await walk(reachable('canSelect'), async (table) => {
      const names = table.columns.filter((column) => column.canSelect).map(({ name }) => name);
      const rows = await inScope(
        database,
        nobody,
        (scoped) => scoped`SELECT ${scoped(names)} FROM ${scoped(table.name)}`,
      );
      return rows.length === 0 ? null : `${rows.length} rows`;
    });
    expect(wrong).toEqual({});
  });

  test('an UPDATE or DELETE without WHERE leaves the rows of another tenant', async () => {
    const wrong = await walk(reachable('canUpdate'), async (table) => {
      const column = table.columns.find(({ canUpdate, isIdentity }) => canUpdate && !isIdentity)?.name ?? '';
      const found = await undone(database, scopeOf(a), async (scoped) => {
        const { count } = await scoped`UPDATE ${scoped(table.name)} SET ${scoped(column)} = ${scoped(column)}`;
        await scoped
          .savepoint((inner) => inner`DELETE FROM ${inner(table.name)}`)
          .catch((error: unknown) => {
            // Not granted at all: no row goes.
            if (!isRefusal(error)) throw error;
          });
        await scoped`SELECT set_config('role', 'none', true)`;
        return { changed: count, left: await countOwn(table, b, scoped) };
      });
      const isLimited = found.changed === (await countOwn(table, a)) && found.left === (await countOwn(table, b));
      return isLimited ? null : JSON.stringify(found);
    });
    expect(wrong).toEqual({});
  });

  test('an INSERT for another tenant is refused', async () => {
    const wrong = await walk(reachable('canInsert'), async (table) => {
      const row = createRow(table, b, false);
      const allowed = table.columns.filter(({ canInsert, isIdentity }) => canInsert && !isIdentity);
      const values = Object.fromEntries(allowed.map(({ name }) => [name, row[name] ?? null]));
      const refused = await undone(database, scopeOf(a), async (scoped) => {
        await insert(scoped, table.name, allowed, values);
        return null;
      }).catch((error: unknown) => error);
      return isRefusal(refused) ? null : String(refused);
    });
    expect(wrong).toEqual({});
  });

  test('a row cannot be given to another tenant', async () => {
    const movable = reachable('canUpdate').filter(({ columns }) =>
      columns.some(({ name, canUpdate }) => name === 'workspace_id' && canUpdate),
    );
    const wrong = await walk(movable, async (table) => {
      const moved = await undone(database, scopeOf(a), (scoped) =>
        scoped`UPDATE ${scoped(table.name)} SET workspace_id = ${b.workspace}`.then(() => null),
      ).catch((error: unknown) => error);
      return isRefusal(moved) ? null : String(moved);
    });
    expect(wrong).toEqual({});
  });

  test('the first query of a transaction is limited already', async () => {
    const [row] = await inScope(
      database,
      scopeOf(a),
      (scoped) => scoped<{ role: string; workspaces: string }[]>`
        SELECT current_user::text AS role, array_to_string(scoped_workspaces(), ',') AS workspaces`,
    );
    expect(row).toEqual({ role: 'buildit_tenant', workspaces: a.workspace });
    const [after] = await database<{ role: string }[]>`SELECT current_user::text AS role`;
    expect(after?.role).toBe('buildit');
  });
}

describe('row-level security', () => describeLocks(locatePostgres));
describeWith(['postgres15'], 'row-level security on Postgres 15', () => describeLocks(locatePostgres15));

async function listTables(database: Database): Promise<Table[]> {
  return database<Table[]>`
    SELECT relname::text AS name,
      relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid) AS is_limited,
      (SELECT json_agg(json_build_object(
          'name', attname, 'type', format_type(atttypid, NULL), 'isIdentity', attidentity <> '' OR attgenerated <> '',
          'isNullable', NOT attnotnull,
          'canSelect', has_column_privilege('buildit_tenant', pg_class.oid, attnum, 'SELECT'),
          'canInsert', has_column_privilege('buildit_tenant', pg_class.oid, attnum, 'INSERT'),
          'canUpdate', has_column_privilege('buildit_tenant', pg_class.oid, attnum, 'UPDATE')) ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped) AS columns
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'public' AND relkind IN ('r', 'p') AND relname <> 'schema_migrations' ORDER BY relname`;
}

/** Two rows of each tenant in every table: what they hold is of no matter, only whose they are. */
async function addRows(database: Database, tables: readonly Table[], tenants: readonly Tenant[]): Promise<void> {
  const checks = await database<{ relation: string; name: string }[]>`
    SELECT conrelid::regclass::text AS relation, conname::text AS name FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'public'::regnamespace`;
  for (const { relation, name } of checks) {
    await database`ALTER TABLE ${database(relation)} DROP CONSTRAINT ${database(name)}`;
  }
  await database.begin(async (transaction) => {
    // Neither triggers nor references.
    await transaction`SET LOCAL session_replication_role = replica`;
    for (const table of tables) {
      const columns = table.columns.filter(({ isIdentity }) => !isIdentity);
      const hasWhole = table.columns.some(({ name, isNullable }) => name === 'workspace_id' && isNullable);
      for (const tenant of tenants) {
        for (const isWhole of hasWhole ? [false, true] : [false]) {
          await insert(transaction, table.name, columns, createRow(table, tenant, isWhole));
        }
      }
    }
  });
}

/** `isWhole`: of the organization, not of its workspace. */
function createRow(table: Table, tenant: Tenant, isWhole: boolean): Record<string, unknown> {
  return Object.fromEntries(table.columns.map((column) => [column.name, valueOf(table.name, column, tenant, isWhole)]));
}

function valueOf(table: string, { name, type }: Column, tenant: Tenant, isWhole: boolean): unknown {
  if (name === 'workspace_id') return isWhole ? null : tenant.workspace;
  if (name === 'organization_id') return tenant.organization;
  if (name === 'caller') return tenant.caller;
  if (name === 'user_id') return tenant.user;
  if (name === 'id' && table === 'workspaces') return tenant.workspace;
  if (name === 'id' && table === 'organizations') return tenant.organization;
  if (name === 'id' && table === 'users') return tenant.user;
  switch (type) {
    case 'uuid':
      return randomUUID();
    case 'json':
    case 'jsonb':
      return '{}';
    case 'boolean':
      return false;
    case 'integer':
    case 'bigint':
      return Math.floor(Math.random() * 1e9);
    case 'timestamp with time zone':
      return '2026-01-02T03:04:05.000Z';
    case 'bytea':
      return Buffer.from('x');
    case 'ending':
      return 'passed';
    case 'status_kind':
      return 'ended';
    default:
      return `x${randomUUID()}`;
  }
}

function whoseRows(sql: Queryable, { name, columns }: Table, tenant: Tenant) {
  const has = (column: string) => columns.some((other) => other.name === column);
  if (has('organization_id')) return sql`organization_id = ${tenant.organization}`;
  if (has('workspace_id')) return sql`workspace_id = ${tenant.workspace}`;
  if (has('caller')) return sql`caller = ${tenant.caller}`;
  if (has('user_id')) return sql`user_id = ${tenant.user}`;
  const own: Record<string, string> = {
    ...{ workspaces: tenant.workspace, organizations: tenant.organization, users: tenant.user },
  };
  const id = own[name];
  if (id === undefined) throw new Error(`the test does not know whose the rows of ${name} are`);
  return sql`id = ${id}`;
}

async function insert(
  sql: Queryable,
  table: string,
  columns: readonly Column[],
  values: Record<string, unknown>,
): Promise<void> {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const places = columns.map(({ type }, index) => `$${index + 1}::${type}`).join(', ');
  await sql.unsafe(
    `INSERT INTO "${table}" (${names}) VALUES (${places})`,
    columns.map(({ name }) => values[name] as never),
  );
}

/** What the work answers; what it did is taken back. */
async function undone<Result>(
  database: Database,
  scope: Scope,
  work: (scoped: Scoped) => Promise<Result>,
): Promise<Result> {
  let result: { value: Result } | null = null;
  const stop = new Error('taken back');
  await inScope(database, scope, async (scoped) => {
    result = { value: await work(scoped) };
    throw stop;
  }).catch((error: unknown) => {
    if (error !== stop) throw error;
  });
  if (result === null) throw new Error('the work has an answer');
  return (result as { value: Result }).value;
}

/** insufficient_privilege, or no_data_found: the parent of the row is not there for this tenant. */
function isRefusal(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && ['42501', 'P0002'].includes(String(error.code))
  );
}
