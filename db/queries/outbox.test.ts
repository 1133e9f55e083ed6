import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMigratedDatabase, type TestDatabases } from '#test/env/databases.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import type { Database } from '../client.ts';
import { takeDue } from './outbox.ts';

const ORGANIZATION = '00000000-0000-7000-8000-000000000001';

describe('runs that are due', () => {
  let server: TestDatabases;
  let database: Database;
  beforeAll(async () => {
    server = await joinPostgres();
    ({ database } = await createMigratedDatabase(server));
    await database`
      INSERT INTO workspaces (id, organization_id, name, weight)
      VALUES (gen_random_uuid(), ${ORGANIZATION}, 'one', 1), (gen_random_uuid(), ${ORGANIZATION}, 'three', 3),
        (gen_random_uuid(), ${ORGANIZATION}, 'heavy', 1000), (gen_random_uuid(), ${ORGANIZATION}, 'small', 1)`;
    await database`
      INSERT INTO pipelines (id, workspace_id, origin, path, name)
      SELECT gen_random_uuid(), id, 'local', '/a', 'a' FROM workspaces WHERE name <> 'main'`;
    await database`
      INSERT INTO runs (id, workspace_id, pipeline_id, scope, number, attempt, label, trigger, started_by, params, notices,
        plan, plan_digest, file, source, environment, env_file, status, status_kind)
      SELECT gen_random_uuid(), workspace_id, id, workspace_id::text, number, 1, number::text, 'api', 'user:ann', '{}', '[]',
        '{}', '', '', '{}', '{}', '{}', '{}', 'queued'
      FROM pipelines CROSS JOIN generate_series(1, 20) AS number`;
    // Of `small` a single one waits and all others are started; of `three` two are.
    await database`
      INSERT INTO outbox (run_id, input)
      SELECT runs.id, '{}' FROM runs JOIN workspaces ON workspaces.id = runs.workspace_id
      WHERE CASE name WHEN 'small' THEN number = 20 WHEN 'three' THEN number > 2 ELSE true END ORDER BY number`;
  });
  afterAll(async () => {
    await database.end({ timeout: 1 });
    await server.stop();
  });

  const take = async (each: number, ahead: number) => {
    const rows = await database.begin((transaction) => takeDue(transaction, each, ahead));
    const names = await database<{ id: string; name: string }[]>`SELECT id, name FROM workspaces`;
    const counts: Record<string, number> = {};
    for (const { workspaceId } of rows) {
      const { name = '' } = names.find(({ id }) => id === workspaceId) ?? {};
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };

  test('each workspace has as many ahead as its share says, less what is started and has not begun', async () => {
    expect(await take(100, 2)).toEqual({ one: 2, three: 4, heavy: 8 });
  });

  test('a workspace with room for all of its runs gets all of them', async () => {
    expect(await take(100, 30)).toEqual({ one: 20, three: 18, heavy: 20, small: 1 });
  });

  test('no more of one workspace are taken at once than asked for', async () => {
    expect(await take(3, 30)).toEqual({ one: 3, three: 3, heavy: 3, small: 1 });
  });
});
