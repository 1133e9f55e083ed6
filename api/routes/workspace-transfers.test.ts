import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditVerification } from '#core/rest-audit.ts';
import type { CreatedTokenObject } from '#core/rest-sign-in.ts';
import type { WorkspaceObject } from '#core/rest-workspaces.ts';
import { addOrganization, addPerson, ask, openPort, type TestOrganization, type TestPerson } from '#test/env/people.ts';
import { ended, playBatch, useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';
import { purposeOf } from '../webhooks/courier.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  secret "KEY"\n  run "true"\n}\n';

describe('a workspace that goes to another organization', () => {
  const use = useApi();
  let port: ServedPort;
  let acme: TestOrganization;
  let umbrella: TestOrganization;
  let shop = '';
  /** Owner of both. */
  let ann: TestPerson;
  /** Owner of acme, admin of umbrella. */
  let amy: TestPerson;
  /** Owner of acme alone. */
  let olga: TestPerson;
  /** Maintainer of acme/shop. */
  let max: TestPerson;
  /** Owner of umbrella alone. */
  let uma: TestPerson;
  beforeAll(async () => {
    const { context, database } = use();
    port = await openPort(context);
    acme = await addOrganization(database, 'acme', ['shop', 'bank']);
    umbrella = await addOrganization(database, 'umbrella', ['bank']);
    shop = acme.workspaces['shop'] ?? '';
    ann = await addPerson(database, 'ann', { organizationId: acme.id, role: 'owner' });
    amy = await addPerson(database, 'amy', { organizationId: acme.id, role: 'owner' });
    olga = await addPerson(database, 'olga', { organizationId: acme.id, role: 'owner' });
    max = await addPerson(database, 'max', { organizationId: acme.id, bindings: { [shop]: 'maintainer' } });
    uma = await addPerson(database, 'uma', { organizationId: umbrella.id, role: 'owner' });
    for (const [{ id }, role] of [[ann, 'owner'] as const, [amy, 'admin'] as const]) {
      await database`INSERT INTO organization_members (id, organization_id, user_id, role)
        VALUES (gen_random_uuid(), ${umbrella.id}, ${id}, ${role})`;
    }
  });
  afterAll(() => port.close());

  const call = <Answer = Record<string, unknown>>(
    as: TestPerson,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => ask<Answer>(port, method, path, { as, headers, ...(body === undefined ? {} : { body }) });
  const transfer = (as: TestPerson, body: { organization: string; name: string }, headers?: Record<string, string>) =>
    call<WorkspaceObject & { code: string }>(as, 'POST', `workspaces/${shop}/transfer`, body, headers);
  const toUmbrella = { organization: 'umbrella', name: 'acme/shop' };

  test('is for owners of both, who name it, and not while a run is open', async () => {
    expect(await transfer(max, toUmbrella)).toMatchObject({ status: 403 });
    expect(await transfer(uma, toUmbrella)).toMatchObject({ status: 404 });
    expect(await transfer(amy, toUmbrella)).toMatchObject({ status: 403 });
    expect(await transfer(ann, { organization: 'nobodys', name: 'acme/shop' })).toMatchObject({ status: 404 });
    expect(await transfer(ann, { organization: 'umbrella', name: 'shop' })).toMatchObject({
      ...{ status: 422, json: { code: 'name-differs' } },
    });
    expect(await transfer(ann, { organization: 'acme', name: 'acme/shop' })).toMatchObject({
      ...{ status: 422, json: { code: 'same-organization' } },
    });
    const bank = `workspaces/${acme.workspaces['bank']}/transfer`;
    expect(await call(ann, 'POST', bank, { organization: 'umbrella', name: 'acme/bank' })).toMatchObject({
      ...{ status: 409, json: { code: 'name-taken' } },
    });
    const seen = (await call<WorkspaceObject>(max, 'GET', `workspaces/${shop}`)).json;
    expect(seen.can).toMatchObject({ delete: true, transfer: { code: 'not-allowed' } });
    await call(ann, 'POST', 'pipelines?workspace=acme/shop', { name: 'busy', text: TEXT.replace('secret "KEY"', '') });
    const run = (await call<{ id: string }>(ann, 'POST', 'pipelines/busy/runs?workspace=acme/shop', {})).json;
    expect(await transfer(ann, toUmbrella)).toMatchObject({ status: 409, json: { code: 'workspace-busy' } });
    await playBatch(use(), run, 1, { run: ended('passed') });
    expect((await call(ann, 'GET', 'workspaces/acme%2Fshop')).status).toBe(200);
  });

  test('keeps its ids, and its secrets and webhooks open there; what the old one gave is void', async () => {
    const { context, database } = use();
    const value = randomBytes(12).toString('hex');
    const secret = (
      await call<{ id: string }>(ann, 'POST', 'secrets?workspace=acme/shop', { name: 'KEY', value: 'before' })
    ).json;
    await call(ann, 'PUT', `secrets/${secret.id}`, { value }, { 'If-Match': '*' });
    const hook = (
      await call<{ id: string; signingKey: string }>(ann, 'POST', 'webhooks?workspace=acme/shop', {
        ...{ url: 'https://example.com/hook', events: ['run.ended'] },
      })
    ).json;
    const token = (
      await call<CreatedTokenObject>(ann, 'POST', 'tokens?workspace=acme/shop', {
        ...{ name: 'ci', scopes: ['run:read'], expiresInDays: 7 },
      })
    ).json;
    const bearer = { bearer: token.token };
    expect((await ask(port, 'GET', 'runs', { as: bearer })).status).toBe(200);
    const before = await call<{ items: { id: string }[] }>(ann, 'GET', 'runs?workspace=acme/shop');
    expect(before.json.items).toHaveLength(1);

    const headers = { 'Idempotency-Key': 'move-1' };
    const moved = await transfer(ann, toUmbrella, headers);
    expect(moved).toMatchObject({
      status: 200,
      json: {
        ...{ id: shop, name: 'umbrella/shop', organization: 'umbrella', updatedBy: 'user:ann' },
        can: { transfer: true, delete: true },
      },
    });
    expect((await transfer(ann, toUmbrella, headers)).headers.get('idempotency-replayed')).toBe('true');

    const after = await call<{ items: { id: string }[] }>(uma, 'GET', 'runs?workspace=umbrella/shop');
    expect(after.json.items.map(({ id }) => id)).toEqual(before.json.items.map(({ id }) => id));
    expect((await call(ann, 'GET', 'workspaces/acme%2Fshop')).status).toBe(404);
    expect((await call(max, 'GET', `workspaces/${shop}`)).status).toBe(404);
    expect((await ask(port, 'GET', 'runs', { as: bearer })).status).toBe(401);

    const run = (
      await call<{ id: string }>(uma, 'POST', 'pipelines?workspace=umbrella/shop', { name: 'on', text: TEXT }).then(
        () => call<{ id: string }>(uma, 'POST', 'pipelines/on/runs?workspace=umbrella/shop', {}),
      )
    ).json;
    const asked = { runId: run.id, stage: 'a', attempt: 1, environment: null, names: ['KEY'] };
    expect(await context.secretStore.release(asked)).toEqual({ KEY: value });
    const restored = await call(uma, 'POST', `secrets/${secret.id}/restore`, { version: 1 }, { 'If-Match': '*' });
    expect(restored.status).toBe(200);
    expect(await context.secretStore.release(asked)).toEqual({ KEY: 'before' });
    const [row] = await database<{ signingKey: never }[]>`SELECT signing_key FROM webhooks WHERE id = ${hook.id}`;
    expect(await context.sealer.open(umbrella.id, purposeOf(hook.id), row?.signingKey as never)).toBe(hook.signingKey);
    await playBatch(use(), run, 1, { run: ended('passed') });
  });

  test('stands in both audits, and what was done before stays with the old one', async () => {
    type Events = { items: { action: string; workspace: string | null; object: { name: string } }[] };
    const of = async (as: TestPerson, organization: string) =>
      (await call<Events>(as, 'GET', `audit?organization=${organization}&limit=200`)).json.items;
    const old = await of(olga, 'acme');
    expect(old).toContainEqual(expect.objectContaining({ action: 'workspace.transfer', workspace: null }));
    expect(old).toContainEqual(expect.objectContaining({ action: 'secret.create' }));
    const present = await of(uma, 'umbrella');
    expect(present).toContainEqual(
      expect.objectContaining({ action: 'workspace.transfer', workspace: 'umbrella/shop' }),
    );
    expect(present.filter(({ action }) => action === 'token.create')).toEqual([]);
    for (const organization of ['acme', 'umbrella']) {
      const chain = (await call<AuditVerification>(ann, 'GET', `audit/verify?organization=${organization}`)).json;
      expect(chain).toMatchObject({ broken: null });
    }
  });

  test('its old organization may be deleted then, and takes nothing of it along', async () => {
    const bank = acme.workspaces['bank'] ?? '';
    expect((await call(ann, 'DELETE', `workspaces/${bank}`, { name: 'acme/bank' })).status).toBe(204);
    expect((await call(ann, 'DELETE', 'organizations/acme', { name: 'acme' })).status).toBe(204);
    const { items } = (await call<{ items: unknown[] }>(uma, 'GET', 'secrets?workspace=umbrella/shop')).json;
    expect(items).toHaveLength(1);
  });
});
