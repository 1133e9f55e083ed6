import { v7 as createId } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MeObject } from '#core/rest-sign-in.ts';
import { addOrganization, addPerson, ask, openPort } from '#test/env/people.ts';
import { send } from '#test/env/send.ts';
import { useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';

describe('authentication on a port', () => {
  const api = useApi();
  let port: ServedPort;
  beforeAll(async () => {
    port = await openPort(api().context);
  });
  afterAll(() => port.close());
  const me = (asked: Parameters<typeof ask>[3]) => ask<MeObject>(port, 'GET', 'me', asked);

  test('a request without session or token is 401, and so is the token of the socket', async () => {
    expect(await me({})).toMatchObject({ status: 401, json: { code: 'not-signed-in' } });
    expect(await me({ as: { bearer: 'test-token' } })).toMatchObject({ status: 401, json: { code: 'not-signed-in' } });
  });

  test('a role of an organization reaches every workspace, a binding its own', async () => {
    const acme = await addOrganization(api().database, 'acme', ['shop', 'web']);
    const owner = await addPerson(api().database, 'olga', { organizationId: acme.id, role: 'owner' });
    const viewer = await addPerson(api().database, 'vera', {
      ...{ organizationId: acme.id, role: 'member' },
      bindings: { [acme.workspaces['shop'] ?? '']: 'viewer' },
    });
    expect((await me({ as: owner })).json).toMatchObject({
      ...{ actor: 'user:olga', isOperator: false, isFresh: true },
      organizations: [{ name: 'acme', role: 'owner', workspaces: [{ name: 'shop' }, { name: 'web' }] }],
    });
    expect((await me({ as: viewer })).json.organizations).toEqual([
      {
        ...{ id: acme.id, name: 'acme', role: 'member', actions: ['organization:read'] },
        workspaces: [{ id: acme.workspaces['shop'], name: 'shop', actions: ['run:read'] }],
      },
    ]);
  });

  test('who is in a team has the rights of the teams above it, and an own role counts as its actions say', async () => {
    const nested = await addOrganization(api().database, 'nested', ['shop']);
    const person = await addPerson(api().database, 'nina');
    const [above, below] = [createId(), createId()];
    const { database } = api();
    await database`INSERT INTO teams (id, organization_id, name) VALUES (${above}, ${nested.id}, 'platform')`;
    await database`
      INSERT INTO teams (id, organization_id, parent_id, name) VALUES (${below}, ${nested.id}, ${above}, 'sre')`;
    await database`INSERT INTO team_members (team_id, user_id) VALUES (${below}, ${person.id})`;
    await database`INSERT INTO roles (id, organization_id, name, actions)
      VALUES (${createId()}, ${nested.id}, 'runner', '["run:read","run:trigger"]')`;
    await database`INSERT INTO role_bindings (id, organization_id, workspace_id, team_id, role)
      VALUES (${createId()}, ${nested.id}, ${nested.workspaces['shop'] ?? ''}, ${above}, 'runner')`;
    expect((await me({ as: person })).json.organizations).toMatchObject([
      { name: 'nested', role: null, actions: [], workspaces: [{ name: 'shop', actions: ['run:read', 'run:trigger'] }] },
    ]);
  });

  test('a right that was taken away is gone with the next request, and the session gets a new token', async () => {
    const gone = await addOrganization(api().database, 'gone');
    const person = await addPerson(api().database, 'gina', { organizationId: gone.id, role: 'admin' });
    const before = await me({ as: { cookie: person.cookie } });
    await api().database`DELETE FROM organization_members WHERE user_id = ${person.id}`;
    const after = await me({ as: { cookie: before.cookie ?? person.cookie } });
    expect(before.json.organizations).toHaveLength(1);
    expect(after).toMatchObject({ status: 200, json: { organizations: [] } });
    expect(after.cookie).toMatch(/^bi_session=.{43}$/);
    expect(after.cookie).not.toBe(person.cookie);
    expect(await me({ as: { cookie: after.cookie ?? '' } })).toMatchObject({ status: 200, cookie: null });
  });

  test('a session ends after 12 hours without a request, after 7 days, when revoked, and with its account', async () => {
    const { database } = api();
    const ends = [
      (id: string) =>
        database`UPDATE sessions SET last_seen_at = now() - interval '12 hours 1 second' WHERE id = ${id}`,
      (id: string) => database`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = ${id}`,
      (id: string) => database`UPDATE sessions SET revoked_at = now() WHERE id = ${id}`,
      (id: string) =>
        database`UPDATE users SET disabled_at = now() WHERE id = (SELECT user_id FROM sessions WHERE id = ${id})`,
    ];
    for (const [index, end] of ends.entries()) {
      const person = await addPerson(database, `ends-${index}`);
      expect(await me({ as: { cookie: person.cookie } })).toMatchObject({ status: 200 });
      await end(person.sessionId);
      expect(await me({ as: { cookie: person.cookie } })).toMatchObject({ status: 401, cookie: 'bi_session=' });
    }
  });

  test('a session is rotated each day; the old token is answered for a minute, then no more', async () => {
    const { database } = api();
    const person = await addPerson(database, 'rota');
    await database`UPDATE sessions SET rotated_at = now() - interval '25 hours' WHERE id = ${person.sessionId}`;
    const rotated = await me({ as: { cookie: person.cookie } });
    expect(rotated.cookie).not.toBeNull();
    expect(await me({ as: { cookie: person.cookie } })).toMatchObject({ status: 200, cookie: null });
    await database`UPDATE sessions SET rotated_at = now() - interval '61 seconds' WHERE id = ${person.sessionId}`;
    expect(await me({ as: { cookie: person.cookie } })).toMatchObject({ status: 401 });
    expect(await me({ as: { cookie: rotated.cookie ?? '' } })).toMatchObject({ status: 200 });
  });

  test('a change by cookie is taken from a page of ours alone', async () => {
    const person = await addPerson(api().database, 'cora');
    const change = (headers: Record<string, string>) =>
      ask(port, 'PATCH', 'me', { body: { displayName: 'Cora' }, headers: { Cookie: person.cookie, ...headers } });
    const foreign = { status: 403, json: { code: 'origin-foreign' } };
    const own = `http://127.0.0.1:${port.port}`;
    expect(await change({})).toMatchObject(foreign);
    expect(await change({ Origin: 'https://evil.example' })).toMatchObject(foreign);
    expect(await change({ Origin: 'null' })).toMatchObject(foreign);
    expect(await change({ Origin: own, 'Sec-Fetch-Site': 'cross-site' })).toMatchObject(foreign);
    expect(await change({ 'Sec-Fetch-Site': 'same-site' })).toMatchObject(foreign);
    expect(await change({ Origin: own })).toMatchObject({ status: 200 });
    expect(await change({ 'Sec-Fetch-Site': 'same-origin' })).toMatchObject({ status: 200 });
  });

  test('a page of another origin reads nothing, not even a stream, with a cookie or a token', async () => {
    const person = await addPerson(api().database, 'otto');
    for (const path of ['me', 'stream?topic=inbox']) {
      for (const as of [{ cookie: person.cookie }, { bearer: person.bearer }]) {
        const answer = await ask(port, 'GET', path, { as, headers: { Origin: 'https://evil.example' } });
        expect(answer).toMatchObject({ status: 403, json: { code: 'origin-foreign' } });
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
  });

  test('behind a proxy that ends TLS the cookie is of the host alone, and its pages are ours', async () => {
    const person = await addPerson(api().database, 'tina');
    const proxied = await openPort({ ...api().context, publicUrl: () => 'https://ci.example.com' });
    const Cookie = person.cookie.replace('bi_session', '__Host-bi_session');
    const change = (headers: Record<string, string>) =>
      ask(proxied, 'PATCH', 'me', { body: { displayName: 'Tina' }, headers });
    expect(await change({ Cookie, Origin: 'https://ci.example.com' })).toMatchObject({ status: 200 });
    expect(await change({ Cookie, Origin: 'http://ci.example.com' })).toMatchObject({ status: 403 });
    // Whoever listens in between can make a page of our host, but not by TLS.
    const passed = async (origin: string) =>
      (
        await send({ host: proxied.host, port: proxied.port }, '/api/v1/me', {
          ...{ method: 'PATCH', body: { displayName: 'Tina' } },
          headers: { host: 'ci.example.com', origin, cookie: Cookie },
        })
      ).status;
    expect(await passed('http://ci.example.com')).toBe(403);
    expect(await passed('https://ci.example.com')).toBe(200);
    // A cookie without the prefix may have been set by another host of the domain, or without TLS.
    expect(await change({ Cookie: person.cookie, Origin: 'https://ci.example.com' })).toMatchObject({ status: 401 });
    await proxied.close();
  });
});
