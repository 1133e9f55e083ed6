import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrganizationObject, QuotaObject, WorkspaceObject } from '#core/rest-workspaces.ts';
import type { Page } from '#core/rest.ts';
import { addOrganization, addPerson, ask, openPort, type TestOrganization, type TestPerson } from '#test/env/people.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { ended, node, playBatch, running, useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';

const anyVersion = { 'If-Match': '*' };

describe('workspaces and organizations', () => {
  const useIt = useApi();
  let port: ServedPort;
  let acme: TestOrganization;
  let ann: TestPerson;
  let max: TestPerson;
  let root: TestPerson;
  beforeAll(async () => {
    const { context, database } = useIt();
    port = await openPort(context);
    acme = await addOrganization(database, 'acme', ['shop', 'bank']);
    ann = await addPerson(database, 'ann', { organizationId: acme.id, role: 'owner' });
    const bindings = { [acme.workspaces['shop'] ?? '']: 'maintainer' };
    max = await addPerson(database, 'max', { organizationId: acme.id, bindings });
    root = await addPerson(database, 'root', { isOperator: true });
  });
  afterAll(() => port.close());

  const call = <Answer = Record<string, unknown>>(
    as: TestPerson,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = anyVersion,
  ) => ask<Answer>(port, method, path, { as, headers, ...(body === undefined ? {} : { body }) });

  test('a list has those the caller is in', async () => {
    const names = async (person: TestPerson) =>
      (await call<Page<WorkspaceObject>>(person, 'GET', 'workspaces')).json.items.map(({ name }) => name);
    expect(await names(ann)).toEqual(['acme/bank', 'acme/shop']);
    expect(await names(max)).toEqual(['acme/shop']);
    expect(await names(root)).toEqual([]);
  });

  test('a workspace that is made is there for who made it', async () => {
    const made = await call<WorkspaceObject>(ann, 'POST', 'workspaces', { name: 'fresh' });
    expect(made).toMatchObject({ status: 201, json: { name: 'acme/fresh', weight: 1, can: { delete: true } } });
    expect((await call(ann, 'GET', `workspaces/${made.json.id}`)).status).toBe(200);
    expect((await call(ann, 'GET', 'workspaces/fresh')).status).toBe(200);
    expect(await call(ann, 'POST', 'workspaces', { name: 'fresh' })).toMatchObject({ json: { code: 'name-taken' } });
    for (const name of ['settings', 'Shop', 'a_b', '', '../x']) {
      expect((await call(ann, 'POST', 'workspaces', { name })).status).toBe(422);
    }
  });

  test('a create that is repeated with its key makes one', async () => {
    const headers = { 'Idempotency-Key': 'k1' };
    const first = await call<WorkspaceObject>(ann, 'POST', 'workspaces', { name: 'once' }, headers);
    const again = await call<WorkspaceObject>(ann, 'POST', 'workspaces', { name: 'once' }, headers);
    expect(again.json.id).toBe(first.json.id);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('its share of starts is for the organization to say, the rest for maintainers', async () => {
    expect((await call(max, 'PATCH', 'workspaces/acme%2Fshop', { retentionDays: 7 })).status).toBe(200);
    expect(await call(max, 'PATCH', 'workspaces/acme%2Fshop', { weight: 9 })).toMatchObject({ status: 403 });
    const changed = await call<WorkspaceObject>(ann, 'PATCH', 'workspaces/acme%2Fshop', { weight: 9 });
    expect(changed.json).toMatchObject({ weight: 9, retentionDays: 7, version: 3 });
    const stale = await call(ann, 'PATCH', 'workspaces/acme%2Fshop', { weight: 1 }, { 'If-Match': '"1"' });
    expect(stale).toMatchObject({
      status: 412,
      json: { changedBy: 'user:ann', present: { weight: 9, updatedBy: 'user:ann' } },
    });
  });

  test('who let somebody into a team has not changed the team that another one changed', async () => {
    const ada = await addPerson(useIt().database, 'ada', { organizationId: acme.id, role: 'admin' });
    const team = 'teams/acme%2Fsre';
    await call(ann, 'POST', 'teams?organization=acme', { name: 'sre' });
    expect((await call(ann, 'PATCH', team, { parent: null })).status).toBe(200);
    expect((await call(ada, 'PUT', `${team}/members/max`)).status).toBe(204);
    const stale = await call(ada, 'PATCH', team, { name: 'ops' }, { 'If-Match': '"1"' });
    expect(stale).toMatchObject({ status: 412, json: { changedBy: 'user:ann' } });
  });

  test('two changes made on one version: the second is refused', async () => {
    const made = await call<WorkspaceObject>(ann, 'POST', 'workspaces', { name: 'raced' });
    const answers = await Promise.all(
      [5, 6].map((retentionDays) =>
        call(ann, 'PATCH', `workspaces/${made.json.id}`, { retentionDays }, { 'If-Match': '"1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });

  test('a workspace goes with its runs, but not while one is open, and only by its name', async () => {
    const made = await call<WorkspaceObject>(ann, 'POST', 'workspaces', { name: 'doomed' });
    const { id } = made.json;
    const api = useIt();
    api.usePlan(createPlan([createStagePlan('a')]));
    const run = await api.client.startRun(api.request());
    await api.database`UPDATE pipelines SET workspace_id = ${id}`;
    await api.database`UPDATE runs SET workspace_id = ${id} WHERE id = ${run.id}`;
    const path = 'workspaces/acme%2Fdoomed';
    expect(await call(ann, 'DELETE', path, { name: 'doomed' })).toMatchObject({ json: { code: 'name-differs' } });
    const busy = await call(ann, 'DELETE', path, { name: 'acme/doomed' });
    expect(busy).toMatchObject({ status: 409, json: { code: 'workspace-busy' } });
    await playBatch(api, run, 2, { run: ended('passed') });
    expect((await call(ann, 'DELETE', path, { name: 'acme/doomed' })).status).toBe(204);
    expect((await call(ann, 'GET', path)).status).toBe(404);
    expect(await api.database`SELECT FROM runs WHERE id = ${run.id}`).toHaveLength(0);
  });

  test('the home of local runs is neither renamed nor deleted', async () => {
    const local = (method: string, path: string, body: object) =>
      useIt()
        .fetch(`/api/v1/${path}`, { method, body, headers: anyVersion })
        .then((answer) => answer.json());
    const kept = { code: 'main-kept' };
    expect(await local('PATCH', 'workspaces/main%2Fmain', { name: 'other' })).toMatchObject(kept);
    expect(await local('DELETE', 'workspaces/main%2Fmain', { name: 'main/main' })).toMatchObject(kept);
    expect(await local('PATCH', 'organizations/main', { name: 'other' })).toMatchObject(kept);
    expect(await local('DELETE', 'organizations/main', { name: 'main' })).toMatchObject(kept);
  });

  test('operators make organizations, whose owner they are; its deletion takes all along', async () => {
    expect((await call(ann, 'POST', 'organizations', { name: 'mine' })).status).toBe(403);
    const made = await call<OrganizationObject>(root, 'POST', 'organizations', { name: 'mine' });
    expect(made).toMatchObject({ status: 201, json: { can: { delete: true } } });
    expect((await call(root, 'POST', 'workspaces', { name: 'only' })).status).toBe(201);
    expect(await call(root, 'POST', 'organizations', { name: 'mine' })).toMatchObject({ json: { code: 'name-taken' } });
    expect((await call(root, 'POST', 'organizations', { name: 'api' })).status).toBe(422);
    expect((await call(root, 'PATCH', 'organizations/mine', { name: 'acme' })).status).toBe(409);
    expect((await call(root, 'PATCH', 'organizations/mine', { name: 'ours' })).status).toBe(200);
    expect((await call(root, 'DELETE', 'organizations/ours', { name: 'mine' })).status).toBe(422);
    expect((await call(root, 'DELETE', 'organizations/ours', { name: 'ours' })).status).toBe(204);
    expect((await call<Page<OrganizationObject>>(root, 'GET', 'organizations')).json.items).toEqual([]);
  });

  test('a quota has its version from the first time it is set', async () => {
    const path = 'quotas/runs-a-day?workspace=acme/shop';
    const before = await call<QuotaObject>(ann, 'GET', path);
    expect(before.json).toMatchObject({ limit: null, version: 0, updatedBy: null, can: { update: true } });
    expect(before.headers.get('etag')).toBe('"0"');
    expect(await call(ann, 'PUT', path, { limit: 5 }, {})).toMatchObject({ status: 428 });
    const set = await call<QuotaObject>(ann, 'PUT', path, { limit: 5 }, { 'If-Match': '"0"' });
    expect(set.json).toMatchObject({ limit: 5, version: 1, updatedBy: 'user:ann' });
    expect(await call(ann, 'PUT', path, { limit: 6 }, { 'If-Match': '"0"' })).toMatchObject({ status: 412 });
    const lifted = await call<QuotaObject>(ann, 'PUT', path, { limit: null }, { 'If-Match': '"1"' });
    expect(lifted.json).toMatchObject({ limit: null, version: 2 });
    expect((await call(ann, 'PUT', path, { limit: -1 })).status).toBe(422);
    expect((await call(ann, 'GET', 'quotas/beer?workspace=acme/shop')).status).toBe(404);
    expect((await call<QuotaObject>(max, 'GET', path)).json.can.update).toMatchObject({
      no: expect.stringContaining('admin of the organization'),
    });
    const audit = await call<Page<unknown>>(ann, 'GET', 'audit?action=quota.set&workspace=acme/shop');
    expect(audit.json.items).toMatchObject([
      { detail: { before: { limit: 5 }, after: { limit: null } } },
      { detail: { before: { limit: null }, after: { limit: 5 } } },
    ]);
  });

  test('of a quota what is used is counted, of this workspace alone', async () => {
    const api = useIt();
    api.usePlan(createPlan([createStagePlan('a')]));
    const run = await api.client.startRun(api.request());
    const shop = acme.workspaces['shop'] ?? '';
    await api.database`UPDATE runs SET workspace_id = ${shop} WHERE id = ${run.id}`;
    await api.database`UPDATE stages SET workspace_id = ${shop} WHERE run_id = ${run.id}`;
    await api.database`
      INSERT INTO slots (workspace_id, run_id, stage, priority) VALUES (${shop}, ${run.id}, 'b', 3)`;
    await playBatch(api, run, 2, { nodes: [node('a', running)] });
    const used = async (workspace: string) =>
      (await call<Page<QuotaObject>>(ann, 'GET', `quotas?workspace=acme/${workspace}`)).json.items.map(
        ({ id, used: count, waiting }) => [id, count, waiting],
      );
    expect(await used('shop')).toEqual([
      ['stages-at-once', 1, 1],
      ['runs-a-day', 1, 0],
      ['minutes-a-month', 0, 0],
      ['storage-bytes', 0, 0],
    ]);
    expect((await used('bank')).map(([, count]) => count)).toEqual([0, 0, 0, 0]);
  });

  test('settings tell an operator what is in force and from where', async () => {
    const { json } = await call<Page<unknown>>(root, 'GET', 'settings');
    expect(json.items).toContainEqual(expect.objectContaining({ name: 'BUILDIT_MAX_STAGES', origin: 'default' }));
  });
});
