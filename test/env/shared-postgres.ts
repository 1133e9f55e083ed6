import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import { openDatabases, type TestDatabases } from './databases.ts';

/** The Postgres that all test files share (`offer-postgres.ts`). */
export async function joinPostgres(): Promise<TestDatabases> {
  const folder = await text(connect(inject('postgres')));
  if (folder === '') throw new Error('the Postgres of this run of the tests did not start');
  return openDatabases(folder);
}
