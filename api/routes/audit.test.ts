import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEventObject, AuditVerification } from '#core/rest-audit.ts';
import type { Page } from '#core/rest.ts';
import { inScope } from '#db/scope.ts';
import { addOrganization, addPerson, ask, openPort, type TestOrganization, type TestPerson } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';

type AuditPage = Page<AuditEventObject>;

describe('the audit', () => {
  const useIt = useApi();
  let port: ServedPort;
  let acme: TestOrganization;
  let ann: TestPerson;
  let max: TestPerson;
  beforeAll(async () => {
    const { context, database } = useIt();
    port = await openPort(context);
    acme = await addOrganization(database, 'acme', ['shop', 'bank']);
    ann = await addPerson(database, 'ann', { organizationId: acme.id, role: 'owner' });
    const bindings = { [acme.workspaces['shop'] ?? '']: 'maintainer' };
    max = await addPerson(database, 'max', { organizationId: acme.id, bindings });
    for (const name of ['red', 'green', 'blue', '=cmd|x', 'white']) await createTeam(name.replaceAll(/[^a-z]/g, ''));
    await ask(port, 'PATCH', 'workspaces/acme%2Fshop', { as: max, headers, body: { retentionDays: 10 } });
    await ask(port, 'PATCH', 'workspaces/acme%2Fbank', { as: ann, headers, body: { retentionDays: 10 } });
    await ask(port, 'DELETE', 'teams/acme%2Fred', { as: max });
  });
  afterAll(() => port.close());

  const headers = { 'If-Match': '*' };
  const createTeam = (name: string) => ask(port, 'POST', 'teams', { as: ann, body: { name } });
  const list = async (query: string, as = ann) =>
    (await ask<AuditPage>(port, 'GET', `audit?${query}`, { as })).json.items;

  test('says who did what to what, from where, newest first', async () => {
    const [refused, changed] = await list('');
    expect(refused).toMatchObject({ actor: 'user:max', verdict: 'refused', code: 'not-allowed', action: 'deleteTeam' });
    expect(changed).toMatchObject({
      ...{ actor: 'user:ann', action: 'workspace.change', verdict: 'done', code: null, address: '127.0.0.1' },
      ...{ organization: 'acme', workspace: 'acme/bank', object: { kind: 'workspace', name: 'bank' } },
      detail: { before: { retentionDays: null }, after: { retentionDays: 10 } },
    });
    expect(changed?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['actor=user:max', 2],
    ['action=team.create', 5],
    ['object=green', 1],
    ['verdict=refused', 1],
    ['address=127.0.0.1', 8],
    ['address=192.0.2.9', 0],
    ['from=2000-01-01T00:00:00Z', 8],
    ['to=2000-01-01T00:00:00Z', 0],
    ['from=1052-05-11T08:24:43%2B19:44', 8],
    ['actor=user:max&verdict=done', 1],
  ])('?%s finds %i', async (query, found) => {
    expect(await list(query)).toHaveLength(found);
  });

  test.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00%2B23:59', '9999-12-31T23:59:59-23:59', 'x', ''])(
    '"%s" is no moment of the database',
    async (moment) => {
      const answer = await ask(port, 'GET', `audit?from=${moment}`, { as: ann });
      expect(answer).toMatchObject({ status: 422, json: { errors: [{ pointer: '/from' }] } });
    },
  );

  test('one event is found by its id', async () => {
    const [, second] = await list('');
    expect(await list(`id=${second?.id}`)).toEqual([second]);
  });

  test('a maintainer reads that of the workspace, and no other', async () => {
    const own = await list('workspace=acme/shop', max);
    expect(own.map(({ action }) => action)).toEqual(['workspace.change']);
    expect((await ask(port, 'GET', 'audit?workspace=acme/bank', { as: max })).status).toBe(404);
    expect((await ask(port, 'GET', 'audit', { as: max })).status).toBe(403);
  });

  test('pages follow the order of the chain', async () => {
    const seen: number[] = [];
    let query: string | null = 'limit=3';
    while (query) {
      const page: AuditPage = (await ask<AuditPage>(port, 'GET', `audit?${query}`, { as: ann })).json;
      seen.push(...page.items.map(({ seq }) => seq));
      query = page.next && `limit=3&cursor=${page.next}`;
    }
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('an export has every row once, in order, whichever the format', async () => {
    const lines = await ask(port, 'GET', 'audit/export?format=ndjson', { as: ann });
    const rows = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEventObject);
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const csv = await ask(port, 'GET', 'audit/export?format=csv&verdict=done', { as: ann });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.text.split('\r\n')[0]).toBe(
      'seq,at,organization,workspace,actor,action,objectKind,objectId,objectName,verdict,code,address,requestId,detail,hash,id',
    );
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(8);
    expect((await ask(port, 'GET', 'audit/export?format=xml', { as: ann })).status).toBe(422);
  });

  test('an export is longer than one stretch of it', async () => {
    const { database } = useIt();
    const big = await addOrganization(database, 'big', []);
    const eve = await addPerson(database, 'eve', { organizationId: big.id, role: 'owner' });
    await database`
      INSERT INTO audit_events (id, organization_id, at, actor, action, object_kind, object_id, object_name, verdict,
        address, request_id, detail, digest)
      SELECT gen_random_uuid(), ${big.id}, '2026-01-02T03:04:05Z', 'user:eve', 'x.y', 'x', n::text, '=1+1', 'done', '',
        '', '{}', '' FROM generate_series(1, 2500) AS n`;
    const { text } = await ask(port, 'GET', 'audit/export?format=csv', { as: eve });
    const rows = text.trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',')[0])).toEqual(
      Array.from({ length: 2_500 }, (_, index) => String(index + 1)),
    );
    // A spreadsheet would calculate a name that begins so.
    expect(rows[0]).toContain(",'=1+1,");
  });

  test('events of a deleted workspace stay, for the organization', async () => {
    await ask(port, 'POST', 'workspaces?organization=acme', { as: ann, body: { name: 'brief' } });
    const gone = await ask(port, 'DELETE', 'workspaces/acme%2Fbrief', { as: ann, body: { name: 'acme/brief' } });
    expect(gone.status).toBe(204);
    expect(await list('object=brief')).toMatchObject([
      { action: 'workspace.delete', workspace: null },
      { action: 'workspace.create', workspace: null },
    ]);
    const { json } = await ask<AuditVerification>(port, 'GET', 'audit/verify', { as: ann });
    expect(json).toMatchObject({ verdict: 'intact', broken: null });
  });

  test('verify names the row that was altered', async () => {
    const { database } = useIt();
    await database.begin(async (transaction) => {
      await transaction`SET LOCAL session_replication_role = replica`;
      await transaction`UPDATE audit_events SET actor = 'user:bob' WHERE organization_id = ${acme.id} AND seq = 4`;
    });
    const { json } = await ask<AuditVerification>(port, 'GET', 'audit/verify', { as: ann });
    expect(json).toMatchObject({ verdict: 'broken', rows: 4, broken: { seq: 4, reason: 'altered' } });
  });

  test('row-level security hides what a forgotten condition would show', async () => {
    const { database } = useIt();
    const scope = { callerId: 'x', organizationIds: [acme.id], workspaceIds: [acme.workspaces['shop'] ?? ''] };
    const rows = await inScope(database, scope, (scoped) => scoped`SELECT DISTINCT workspace_id FROM audit_events`);
    const present = Object.values(acme.workspaces);
    expect(rows.map(({ workspaceId }) => workspaceId).filter((id) => present.includes(id))).toEqual([present[0]]);
  });
});
