import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMigratedDatabase, type TestDatabases } from '#test/env/databases.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import type { Database } from '../client.ts';
import { takeDeliveries } from './webhook-deliveries.ts';

const ORGANIZATION = '00000000-0000-7000-8000-000000000001';

describe('deliveries that are due', () => {
  let server: TestDatabases;
  let database: Database;
  beforeAll(async () => {
    server = await joinPostgres();
    ({ database } = await createMigratedDatabase(server));
    await database`
      INSERT INTO workspaces (id, organization_id, name)
      VALUES (gen_random_uuid(), ${ORGANIZATION}, 'loud'), (gen_random_uuid(), ${ORGANIZATION}, 'quiet')`;
    await database`
      INSERT INTO webhooks (id, workspace_id, url, events, signing_key, created_by)
      SELECT gen_random_uuid(), id, 'https://' || name || '.example.com/', '[]', '{}', 'user:ann' FROM workspaces
      WHERE name IN ('loud', 'quiet')`;
    // Those of `quiet` are the youngest.
    await database`
      INSERT INTO webhook_deliveries (id, webhook_id, workspace_id, event, subject, payload, state, due_at)
      SELECT gen_random_uuid(), id, workspace_id, 'run.ended', number::text, '{}', 'pending',
        now() - (CASE WHEN url LIKE '%loud%' THEN 60 ELSE 1 END) * interval '1 second'
      FROM webhooks CROSS JOIN generate_series(1, 20) AS number WHERE url LIKE '%loud%' OR number <= 2`;
  });
  afterAll(async () => {
    await database.end({ timeout: 1 });
    await server.stop();
  });

  test('workspaces take turns, and each delivery is taken once', async () => {
    const take = async () => (await takeDeliveries(database, 6, 60_000)).map(({ id, url }) => ({ id, url }));
    const first = await take();
    expect(first.filter(({ url }) => url.includes('quiet'))).toHaveLength(2);
    expect(first).toHaveLength(6);
    const all = [...first];
    for (let taken = await take(); taken.length > 0; taken = await take()) all.push(...taken);
    expect(new Set(all.map(({ id }) => id)).size).toBe(22);
    expect(all).toHaveLength(22);
  });
});
