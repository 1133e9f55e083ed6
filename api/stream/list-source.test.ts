import { v7 as createId } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StreamEvent } from '#core/rest.ts';
import type { Database } from '#db/client.ts';
import { listChangedPipelines, readHorizon } from '#db/queries/changes.ts';
import { inScope } from '#db/scope.ts';
import { createMigratedDatabase, type TestDatabases } from '#test/env/databases.ts';
import { startPostgres } from '#test/env/postgres.ts';
import { createListSource } from './list-source.ts';

const ORGANIZATION = '00000000-0000-7000-8000-000000000001';
const WORKSPACE = '00000000-0000-7000-8000-000000000002';
const ANN = { callerId: 'user:ann', organizationIds: [ORGANIZATION], workspaceIds: [WORKSPACE] };

describe('the source of a list', () => {
  let server: TestDatabases;
  let database: Database;
  let clock = 0;
  beforeAll(async () => {
    // Of its own: what is held back by an open transaction is so for all databases of a server.
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    ({ database } = await createMigratedDatabase(server));
    clock = 1_000_000;
  });

  const insert = async (queryable: Database, name: string) => {
    const id = createId();
    await queryable`
      INSERT INTO pipelines (id, workspace_id, origin, path, name)
      VALUES (${id}, ${WORKSPACE}, 'local', ${`/${name}`}, ${name})`;
    return id;
  };
  const rename = (id: string, name: string) => database`UPDATE pipelines SET name = ${name} WHERE id = ${id}`;

  const open = (position: number) =>
    createListSource(
      { name: 'pipelines:main/main', position, rings: [] },
      {
        horizon: () => inScope(database, ANN, readHorizon),
        look: (from, limit) =>
          inScope(database, ANN, async (scoped) => ({
            horizon: await readHorizon(scoped),
            rows: await listChangedPipelines(scoped, WORKSPACE, from, limit),
          })),
        load: async (ids) => {
          const rows = await database<{ id: string; name: string }[]>`
            SELECT id, name FROM pipelines WHERE id IN ${database([...ids])}`;
          return new Map(rows.map((row) => [row.id, { kind: 'pipeline', object: row } as never]));
        },
      },
      () => clock,
    );

  /** Names told by one read, and what it answered. */
  const readAll = async (source: ReturnType<typeof open>) => {
    const names: string[] = [];
    const reading = source.read();
    for (;;) {
      const step = await reading.next();
      if (step.done) return { names, ...step.value };
      const event: StreamEvent = step.value;
      names.push(event.event === 'state' ? (event.object as unknown as { name: string }).name : event.event);
    }
  };

  test('tells what changes from now on when nothing is held', async () => {
    await insert(database, 'old');
    const source = open(0);
    expect((await readAll(source)).names).toEqual([]);
    await insert(database, 'new');
    expect((await readAll(source)).names).toEqual(['new']);
    expect((await readAll(source)).names).toEqual([]);
  });

  test('a change that commits late is told, though a later one was told before it', async () => {
    const source = open(0);
    await readAll(source);
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const late = database.begin(async (transaction) => {
      await insert(transaction as unknown as Database, 'late');
      begun.resolve();
      await held.promise;
    });
    await begun.promise;
    await insert(database, 'early');
    expect((await readAll(source)).names).toEqual(['early']);
    const position = source.position;
    held.resolve();
    await late;
    expect((await readAll(source)).names).toEqual(['late']);
    // Whoever resumes from the cursor of before misses neither.
    expect((await readAll(open(position))).names.toSorted()).toEqual(['early', 'late']);
  });

  test('an object is told once a second, and its last state always', async () => {
    const id = await insert(database, 'a');
    const source = open(1);
    expect((await readAll(source)).names).toEqual(['a']);
    await rename(id, 'b');
    await rename(id, 'c');
    const held = await readAll(source);
    expect(held).toMatchObject({ names: [], againMs: 1_000 });
    clock += 1_000;
    expect((await readAll(source)).names).toEqual(['c']);
  });

  test('more than a batch is told whole, and a position from another life is a resync', async () => {
    await database`
      INSERT INTO pipelines (id, workspace_id, origin, path, name)
      SELECT gen_random_uuid(), ${WORKSPACE}, 'local', '/' || number, 'p' || number FROM generate_series(1, 450) AS number`;
    const source = open(1);
    expect(new Set((await readAll(source)).names).size).toBe(450);
    expect((await readAll(open(Number.MAX_SAFE_INTEGER))).names).toEqual(['resync']);
  });
});
