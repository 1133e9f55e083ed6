import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreatedTokenObject, MeObject, TokenObject } from '#core/rest-sign-in.ts';
import type { Page } from '#core/rest.ts';
import { addOrganization, addPerson, ask, openPort } from '#test/env/people.ts';
import type { TestOrganization, TestPerson } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';

describe('API tokens', () => {
  const api = useApi();
  let port: ServedPort;
  let acme: TestOrganization;
  let shop: string;
  let admin: TestPerson;
  let maintainer: TestPerson;
  let developer: TestPerson;
  beforeAll(async () => {
    port = await openPort(api().context);
    const { database } = api();
    acme = await addOrganization(database, 'acme', ['shop', 'web']);
    shop = acme.workspaces['shop'] ?? '';
    admin = await addPerson(database, 'ada', { organizationId: acme.id, role: 'admin' });
    const organizationId = acme.id;
    maintainer = await addPerson(database, 'max', { organizationId, bindings: { [shop]: 'maintainer' } });
    developer = await addPerson(database, 'dev', { organizationId, bindings: { [shop]: 'developer' } });
  });
  afterAll(() => port.close());

  const create = (as: TestPerson | { bearer: string }, body: object, query = 'workspace=acme/shop') =>
    ask<CreatedTokenObject>(port, 'POST', `tokens?${query}`, {
      as,
      body: { scopes: ['run:read'], expiresInDays: 30, ...body },
    });
  const me = (bearer: string) => ask<MeObject>(port, 'GET', 'me', { as: { bearer } });

  test('a token is shown once, and has of its creator’s rights its scopes in its workspace', async () => {
    const created = await create(maintainer, { name: 'ci', scopes: ['run:read', 'run:trigger'] });
    expect(created.status).toBe(201);
    const { token, ...object } = created.json;
    expect(token).toMatch(/^bi_pat_[A-Za-z0-9]{49}$/);
    expect(object).toMatchObject({
      ...{ name: 'ci', organization: 'acme', workspace: 'acme/shop', createdBy: 'user:max', lastUsedAt: null },
      ...{ hint: `bi_pat_…${token.slice(-4)}`, can: { revoke: true } },
    });
    expect((await me(token)).json).toMatchObject({
      ...{ actor: 'token:ci', isOperator: false },
      organizations: [
        { name: 'acme', role: null, actions: [], workspaces: [{ name: 'shop', actions: ['run:read', 'run:trigger'] }] },
      ],
    });
    const shown = await ask(port, 'GET', `tokens/${object.id}`, { as: maintainer });
    expect(shown.json).toMatchObject({ ...object, lastUsedAt: expect.any(String), lastAddress: '127.0.0.1' });
    expect(shown.text).not.toContain(token);
    const [row] = await api().database`SELECT * FROM api_tokens WHERE id = ${object.id}`;
    expect(JSON.stringify(row)).not.toContain(token);
  });

  test('what the creator loses, the token loses', async () => {
    const { database } = api();
    const bindings = { [shop]: 'maintainer' };
    const leaver = await addPerson(database, 'lea', { organizationId: acme.id, bindings });
    const { token } = (await create(leaver, { name: 'leas' })).json;
    await database`UPDATE role_bindings SET role = 'no-such-role' WHERE user_id = ${leaver.id}`;
    expect((await me(token)).json.organizations).toMatchObject([{ workspaces: [] }]);
    await database`UPDATE users SET disabled_at = now() WHERE id = ${leaver.id}`;
    expect(await me(token)).toMatchObject({ status: 401 });
  });

  test('nobody makes a token with rights they lack', async () => {
    const lacking = { status: 403, json: { code: 'not-allowed' } };
    expect(await create(developer, { name: 'x' })).toMatchObject(lacking);
    expect(await create(maintainer, { name: 'x' }, 'organization=acme')).toMatchObject(lacking);
    const exceeding = { status: 403, json: { code: 'grant-exceeds' } };
    expect(await create(maintainer, { name: 'x', scopes: ['organization:members'] })).toMatchObject(exceeding);
  });

  test('a token makes no token that would outlive it, whatever its scopes', async () => {
    const { token } = (await create(maintainer, { name: 'maker', scopes: ['run:read', 'token:write'] })).json;
    const refused = { status: 403, json: { code: 'person-only' } };
    expect(await create({ bearer: token }, { name: 'made', scopes: ['run:read'] })).toMatchObject(refused);
  });

  test('one of the whole organization has its scopes in each workspace the creator has', async () => {
    const scopes = ['run:read', 'organization:members'];
    const created = await create(admin, { name: 'sync', scopes }, 'organization=acme');
    expect(created.json).toMatchObject({ workspace: null, token: expect.stringMatching(/^bi_org_/) });
    expect((await me(created.json.token)).json.organizations).toMatchObject([
      {
        actions: ['organization:members'],
        workspaces: [
          { name: 'shop', actions: ['run:read'] },
          { name: 'web', actions: ['run:read'] },
        ],
      },
    ]);
  });

  test('a list shows own tokens and those one looks after, foreign ones are 404', async () => {
    const other = await addOrganization(api().database, 'other');
    const foreign = await addPerson(api().database, 'fox', { organizationId: other.id, role: 'owner' });
    const { id } = (await create(maintainer, { name: 'listed' })).json;
    const names = async (as: TestPerson) =>
      (await ask<Page<TokenObject>>(port, 'GET', 'tokens', { as })).json.items.map(({ name }) => name);
    expect(await names(maintainer)).toContain('listed');
    expect(await names(admin)).toContain('listed');
    expect(await names(developer)).toEqual([]);
    expect(await names(foreign)).toEqual([]);
    const { token } = (await create(maintainer, { name: 'reader' })).json;
    expect(await names({ ...maintainer, bearer: token })).toEqual([]);
    expect((await ask(port, 'GET', 'me/inbox', { as: { bearer: token } })).json).toMatchObject({ soon: [] });
    expect(await ask(port, 'GET', `tokens/${id}`, { as: developer })).toMatchObject({ status: 403 });
    for (const method of ['GET', 'DELETE']) {
      expect(await ask(port, method, `tokens/${id}`, { as: foreign })).toMatchObject({ status: 404 });
      expect(await ask(port, method, 'tokens/nothing', { as: admin })).toMatchObject({ status: 404 });
    }
  });

  test('a revoked or expired token is refused with the next request, and its name is free again', async () => {
    const { id, token } = (await create(maintainer, { name: 'short' })).json;
    expect(await create(maintainer, { name: 'short' })).toMatchObject({ status: 409, json: { code: 'name-taken' } });
    expect(await ask(port, 'DELETE', `tokens/${id}`, { as: admin })).toMatchObject({ status: 204 });
    expect(await me(token)).toMatchObject({ status: 401 });
    const again = (await create(maintainer, { name: 'short' })).json;
    await api().database`UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE id = ${again.id}`;
    expect(await me(again.token)).toMatchObject({ status: 401 });
  });

  test('a token has an end within a year', async () => {
    for (const expiresInDays of [0, 366, 1.5]) {
      expect(await create(maintainer, { name: 'x', expiresInDays })).toMatchObject({ status: 422 });
    }
    expect(
      await ask(port, 'POST', 'tokens?workspace=acme/shop', { as: maintainer, body: { name: 'x', scopes: [] } }),
    ).toMatchObject({ status: 422, json: { errors: [{ pointer: '/scopes' }, { pointer: '/expiresInDays' }] } });
  });

  test('a sign-in of more than 10 minutes ago makes no token', async () => {
    const { database } = api();
    for (const table of ['sessions', 'cli_sessions']) {
      await database`
        UPDATE ${database(table)} SET authenticated_at = now() - interval '601 seconds' WHERE user_id = ${maintainer.id}`;
    }
    const old = { status: 403, json: { code: 'sign-in-too-old' } };
    expect(await create(maintainer, { name: 'x' })).toMatchObject(old);
    for (const table of ['sessions', 'cli_sessions']) {
      await database`UPDATE ${database(table)} SET authenticated_at = now() WHERE user_id = ${maintainer.id}`;
    }
  });

  test('a token changes nothing of its creator’s account', async () => {
    const { token } = (await create(maintainer, { name: 'nosy' })).json;
    const as = { bearer: token };
    const refused = { status: 403, json: { code: 'person-only' } };
    expect(await ask(port, 'PATCH', 'me', { as, body: { displayName: 'Hacked' } })).toMatchObject(refused);
    expect(await ask(port, 'GET', 'me/sessions', { as })).toMatchObject(refused);
    expect(await ask(port, 'DELETE', `me/sessions/${maintainer.sessionId}`, { as })).toMatchObject(refused);
    const body = { current: 'x', password: 'something else entirely' };
    expect(await ask(port, 'POST', 'me/password', { as, body })).toMatchObject(refused);
  });

  test('each token made and revoked is in the audit, without its text', async () => {
    const { id, token } = (await create(maintainer, { name: 'audited' })).json;
    await ask(port, 'DELETE', `tokens/${id}`, { as: maintainer });
    const rows = await api().database`SELECT * FROM audit_events WHERE object_id = ${id} ORDER BY seq`;
    expect(rows).toMatchObject([
      { action: 'token.create', actor: 'user:max', workspaceId: shop, detail: { scopes: ['run:read'] } },
      { action: 'token.revoke', actor: 'user:max' },
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});
