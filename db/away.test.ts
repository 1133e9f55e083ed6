import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import { canMount, mountSmallDisk, type SmallDisk } from '#test/env/small-disk.ts';
import { isAway, toDatabaseFault, withPatience } from './away.ts';
import { type Database, openDatabase } from './client.ts';

const WITHOUT = canMount ? '' : ' (skipped: this account may not mount a small disk)';

describe.skipIf(!canMount)(`a database whose disk is full${WITHOUT}`, () => {
  let disk: SmallDisk;
  let server: TestPostgres;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres(undefined, (data) => (disk = mountSmallDisk(data, '256m')));
    database = openDatabase(await server.createDatabase());
    await database`CREATE TABLE notes (text text NOT NULL)`;
  }, 60_000);
  afterAll(async () => {
    await database.end({ timeout: 1 });
    disk.dispose();
    await server.stop();
  });

  // More than a page, and nothing that could be made smaller.
  const write = () => database`
    INSERT INTO notes SELECT string_agg(gen_random_uuid()::text, '') FROM generate_series(1, 2000)`;
  const writeUntilRefused = async (): Promise<unknown> => {
    for (;;) {
      const refused: unknown = await write().then(
        () => null,
        (error: unknown) => error,
      );
      if (refused !== null) return refused;
    }
  };

  test('says so, reads on, and takes what is written again once there is room', async () => {
    const giveRoom = disk.fill();
    const refused = await writeUntilRefused();
    expect(isAway(refused)).toBe(true);
    const { fault } = toDatabaseFault(refused);
    expect(fault).toMatchObject({ code: 'database-full', cause: expect.stringContaining('No space left') });
    expect(fault.retry).toEqual({ kind: 'yes', afterMs: 5_000 });
    expect(await database`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    const waiting = withPatience(write, 60_000);
    giveRoom();
    await waiting;
  });
});
