import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabases } from '#test/env/databases.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import { openDatabase, type Database } from './client.ts';

let server: TestDatabases;
let database: Database;
let other: Database;

beforeAll(async () => {
  server = await joinPostgres();
  const url = await server.createDatabase();
  database = openDatabase(url, { max: 1 });
  other = openDatabase(url, { max: 1 });
});
afterAll(async () => {
  await Promise.all([database.end({ timeout: 1 }), other.end({ timeout: 1 })]);
  await server.stop();
});

test('a transaction whose connection is cut refuses all that is asked of it, and the next has another', async () => {
  const closed = Promise.withResolvers<void>();
  const refusals: unknown[] = [];
  const cut = database.begin(async (transaction) => {
    const [row] = await transaction<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    await other`SELECT pg_terminate_backend(${row?.pid ?? 0})`;
    await closed.promise;
    // The driver would end the process here, and again with the ROLLBACK that follows.
    for (let tries = 0; tries < 2; tries += 1) {
      await transaction`SELECT 1`.catch((error: { code: unknown }) => refusals.push(error.code));
    }
    throw new Error('it is cut');
  });
  await expect(cut).rejects.toMatchObject({ code: expect.stringMatching(/^(CONNECTION_CLOSED|57P01)$/) });
  closed.resolve();
  await expect.poll(() => refusals).toEqual(['CONNECTION_CLOSED', 'CONNECTION_CLOSED']);
  expect(await database`SELECT 1 AS one`).toEqual([{ one: 1 }]);
});
