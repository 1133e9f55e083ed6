import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database, Transaction } from '#db/client.ts';
import { inScope } from '#db/scope.ts';
import { createMigratedDatabase } from '#test/env/databases.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { locatePostgres, locatePostgres15, startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import { writeEvent } from './record-audit.ts';
import { verifyChain } from './verify-chain.ts';

const organizationId = '00000000-0000-7000-8000-000000000001';
const workspaceId = '00000000-0000-7000-8000-000000000002';
const scope = { callerId: 'user:ann', organizationIds: [organizationId], workspaceIds: [workspaceId] };
const source = { actor: 'user:ann', address: '192.0.2.1', requestId: 'r1' };
const signal = new AbortController().signal;

function describeChain(locate: (program: string) => string): void {
  let server: TestPostgres;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres(locate);
  });
  beforeEach(async () => {
    ({ database } = await createMigratedDatabase(server));
    for (let index = 1; index <= 5; index += 1) await write(`pipeline-${index}`);
  });
  afterEach(() => database.end({ timeout: 1 }));
  afterAll(() => server.stop());

  const write = (name: string) =>
    inScope(database, scope, (scoped) =>
      writeEvent(scoped, source, {
        action: 'pipeline.create',
        owner: { organizationId, workspaceId },
        object: { kind: 'pipeline', id: name, name: `${name}\u0000` },
        detail: { b: 1, a: ['é', null, 0.1, true], '\u0000': '\ud800' },
        verdict: 'done',
        code: null,
      }),
    );
  /** As somebody who may do anything to the tables. */
  const tamper = (work: (transaction: Transaction) => Promise<unknown>) =>
    database.begin(async (transaction) => {
      await transaction`SET LOCAL session_replication_role = replica`;
      await work(transaction);
    });
  const verify = () => verifyChain(database, organizationId, signal);

  test('rows as they were written are intact', async () => {
    expect(await verify()).toMatchObject({ verdict: 'intact', rows: 5, broken: null, head: { seq: 5 } });
  });

  test('writers at once make one chain without a gap', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => write(`burst-${index}`)));
    expect(await verify()).toMatchObject({ verdict: 'intact', rows: 45 });
  });

  test('a change that fails leaves no event and no gap', async () => {
    await database
      .begin(async (transaction) => {
        await writeEvent(transaction, source, {
          action: 'pipeline.create',
          owner: { organizationId, workspaceId },
          object: { kind: 'pipeline', id: 'none', name: 'none' },
          verdict: 'done',
          code: null,
        });
        throw new Error('refused later');
      })
      .catch(() => {});
    await write('next');
    expect(await verify()).toMatchObject({ verdict: 'intact', rows: 6 });
  });

  test.each([
    ['actor', "actor = 'user:bob'"],
    ['time', "at = at - interval '1 millisecond'"],
    ['workspace', 'workspace_id = NULL'],
    ['verdict', "verdict = 'refused'"],
    ['detail', `detail = '{"a":[]}'`],
  ])('a row with another %s is named', async (_, change) => {
    await tamper((sql) => sql.unsafe(`UPDATE audit_events SET ${change} WHERE seq = 3`));
    expect((await verify()).broken).toMatchObject({ seq: 3, reason: 'altered', id: expect.any(String) });
  });

  test('a row changed together with its digest is named', async () => {
    await tamper((sql) => sql`UPDATE audit_events SET actor = 'x', digest = repeat('1', 64) WHERE seq = 2`);
    expect((await verify()).broken).toMatchObject({ seq: 2, reason: 'altered' });
  });

  test('a removed row is named by its place', async () => {
    await tamper((sql) => sql`DELETE FROM audit_events WHERE seq = 2`);
    expect((await verify()).broken).toMatchObject({ seq: 2, reason: 'missing', id: null });
  });

  test('rows removed from the end are missed', async () => {
    await tamper((sql) => sql`DELETE FROM audit_events WHERE seq >= 4`);
    expect((await verify()).broken).toMatchObject({ seq: 4, reason: 'missing' });
  });

  test('rows that changed places are named', async () => {
    await tamper(async (sql) => {
      await sql`UPDATE audit_events SET seq = seq + 100 WHERE seq IN (3, 4)`;
      await sql`UPDATE audit_events SET seq = 107 - seq WHERE seq > 100`;
    });
    expect((await verify()).broken).toMatchObject({ seq: 3, reason: 'unchained' });
  });

  test('a row that was put behind the end is named', async () => {
    await tamper(
      (sql) => sql`
      INSERT INTO audit_events SELECT gen_random_uuid(), organization_id, workspace_id, 6, at, actor, action, object_kind,
        object_id, object_name, verdict, code, address, request_id, detail, digest, hash
      FROM audit_events WHERE seq = 5`,
    );
    expect((await verify()).broken).toMatchObject({ seq: 6, reason: 'added' });
  });

  test('an end that is gone or another is named', async () => {
    await tamper((sql) => sql`UPDATE audit_heads SET hash = repeat('0', 64)`);
    expect((await verify()).broken).toMatchObject({ seq: 5, reason: 'unchained' });
    await tamper((sql) => sql`DELETE FROM audit_heads`);
    expect((await verify()).broken).toMatchObject({ seq: 5, reason: 'missing' });
  });

  test('neither requests nor the owner of the table change, remove or place a row', async () => {
    const statements = [
      'UPDATE audit_events SET actor = actor',
      'DELETE FROM audit_events',
      'TRUNCATE audit_events',
      'INSERT INTO audit_events SELECT gen_random_uuid(), organization_id, workspace_id, seq + 9 FROM audit_events',
    ];
    for (const statement of statements) {
      await expect(inScope(database, scope, (scoped) => scoped.unsafe(statement))).rejects.toThrow('permission denied');
    }
    for (const statement of statements.slice(0, 3)) {
      await expect(database.unsafe(statement)).rejects.toThrow('audit events are only ever added');
    }
    expect(await verify()).toMatchObject({ verdict: 'intact', rows: 5 });
  });

  test('an organization that is deleted takes its audit along', async () => {
    const id = '00000000-0000-7000-8000-00000000000a';
    await database`INSERT INTO organizations (id, name) VALUES (${id}, 'gone')`;
    await database.begin((transaction) =>
      writeEvent(transaction, source, {
        action: 'team.create',
        owner: { organizationId: id, workspaceId: null },
        object: { kind: 'team', id: 't', name: 't' },
        verdict: 'done',
        code: null,
      }),
    );
    expect(await verifyChain(database, id, signal)).toMatchObject({ verdict: 'intact', rows: 1 });
    await database`DELETE FROM organizations WHERE id = ${id}`;
    expect(await verifyChain(database, id, signal)).toMatchObject({ verdict: 'intact', rows: 0, head: null });
    expect(await verify()).toMatchObject({ verdict: 'intact', rows: 5 });
  });
}

describe('the audit chain', () => describeChain(locatePostgres));
// There a deferred trigger runs under the role of the commit, not of the write.
describeWith(['postgres15'], 'the audit chain on Postgres 15', () => describeChain(locatePostgres15));
