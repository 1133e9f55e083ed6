import { v7 as createId } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MeObject, SessionObject } from '#core/rest-sign-in.ts';
import type { Page } from '#core/rest.ts';
import { addOrganization, addPerson, ask, openPort, type TestPerson } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';
import { hashPassword } from '../sign-in/password.ts';

const PASSWORD = 'four words nobody guesses';

describe('signing in with a password', () => {
  const api = useApi();
  let port: ServedPort;
  beforeAll(async () => {
    port = await openPort(api().context);
  });
  afterAll(() => port.close());

  /** Guesses from one address are counted together: each test begins without any. */
  const addAccount = async (name: string): Promise<TestPerson> => {
    const person = await addPerson(api().database, name);
    const passwordHash = await hashPassword(PASSWORD);
    await api().database`UPDATE users SET password_hash = ${passwordHash} WHERE id = ${person.id}`;
    await api().database`DELETE FROM login_failures`;
    return person;
  };
  const signIn = (login: string, password = PASSWORD, headers: Record<string, string> = {}) =>
    ask<MeObject>(port, 'POST', 'session', { body: { login, password }, headers });

  test('name and e-mail sign in alike, in any case, and the cookie is kept from scripts and other sites', async () => {
    await addAccount('anna');
    for (const login of ['anna', 'Anna@Example.com']) {
      const answer = await signIn(login);
      expect(answer).toMatchObject({ status: 200, json: { actor: 'user:anna', isFresh: true } });
      expect(answer.headers.get('set-cookie')).toMatch(
        /^bi_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      const me = await ask(port, 'GET', 'me', { as: { cookie: answer.cookie ?? '' } });
      expect(me).toMatchObject({ status: 200, json: { actor: 'user:anna' } });
    }
  });

  test('behind TLS the cookie is Secure and of this host alone', async () => {
    await addAccount('tess');
    const proxied = await openPort({ ...api().context, publicUrl: () => 'https://ci.example.com' });
    const answer = await ask(proxied, 'POST', 'session', { body: { login: 'tess', password: PASSWORD } });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-bi_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    await proxied.close();
  });

  test('a wrong password and an account that is not there are refused in the same words', async () => {
    await addAccount('wanda');
    const wrong = await signIn('wanda', 'not the password');
    const unknown = await signIn('nobody', 'not the password');
    const { requestId: _, ...problem } = wrong.json as object & { requestId?: string };
    expect(wrong).toMatchObject({ status: 401, json: { code: 'login-wrong' }, cookie: null });
    expect(unknown.json).toMatchObject(problem);
  });

  test('an account without a password and one that is disabled do not sign in', async () => {
    await addPerson(api().database, 'sso-only');
    const disabled = await addAccount('dora');
    await api().database`UPDATE users SET disabled_at = now() WHERE id = ${disabled.id}`;
    expect(await signIn('sso-only', '')).toMatchObject({ status: 422 });
    expect(await signIn('sso-only', 'anything at all')).toMatchObject({ status: 401 });
    expect(await signIn('dora')).toMatchObject({ status: 401 });
  });

  test('after five wrong passwords the account takes none for a while, and a restart does not forget', async () => {
    await addAccount('bruno');
    const blocked = { status: 429, json: { code: 'too-many-attempts' } };
    const first = await Promise.all(Array.from({ length: 12 }, () => signIn('bruno', 'wrong password')));
    expect(first.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(first.filter(({ status }) => status === 429)).toHaveLength(7);
    const right = await signIn('bruno@example.com');
    expect(right).toMatchObject(blocked);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const again = await openPort({ ...api().context });
    expect(await ask(again, 'POST', 'session', { body: { login: 'bruno', password: PASSWORD } })).toMatchObject(
      blocked,
    );
    await again.close();
    const ofAccount = api().database`key LIKE 'password account %'`;
    for (const wait of [10, 20, 40]) {
      await api().database`UPDATE login_failures SET blocked_until = now() WHERE ${ofAccount}`;
      expect(await signIn('bruno', 'wrong password')).toMatchObject({ status: 401 });
      const rows = await api().database`
        SELECT extract(epoch FROM blocked_until - last_at)::int AS wait FROM login_failures WHERE ${ofAccount}`;
      expect(rows).toMatchObject([{ wait }]);
    }
    await api().database`UPDATE login_failures SET blocked_until = now() WHERE ${ofAccount}`;
    expect(await signIn('bruno')).toMatchObject({ status: 200 });
    expect(await api().database`SELECT 1 FROM login_failures WHERE ${ofAccount}`).toHaveLength(0);
  });

  test('an address that guesses at many accounts is stopped, too', async () => {
    await addAccount('lotte');
    const guesses = await Promise.all(Array.from({ length: 25 }, (_, index) => signIn(`guess-${index}`, 'wrong')));
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(20);
    expect(await signIn('lotte')).toMatchObject({ status: 429 });
    await api().database`DELETE FROM login_failures`;
  });

  test('the session a browser had before ends when it signs in', async () => {
    const planted = await addPerson(api().database, 'planter');
    await addAccount('victim');
    const headers = { Cookie: planted.cookie, Origin: `http://127.0.0.1:${port.port}` };
    const answer = await signIn('victim', PASSWORD, headers);
    expect(answer.cookie).not.toBe(planted.cookie);
    expect(await ask(port, 'GET', 'me', { as: { cookie: planted.cookie } })).toMatchObject({ status: 401 });
  });

  test('a dead cookie does not stand in the way of signing in', async () => {
    await addAccount('dana');
    const headers = { Cookie: 'bi_session=long-gone', Origin: `http://127.0.0.1:${port.port}` };
    expect(await signIn('dana', PASSWORD, headers)).toMatchObject({ status: 200 });
  });

  test('a page of another origin signs nobody in', async () => {
    await addAccount('ines');
    expect(await signIn('ines', PASSWORD, { Origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await signIn('ines', PASSWORD, { 'Sec-Fetch-Site': 'cross-site' })).toMatchObject({ status: 403 });
  });

  test('signing out ends the session and takes the cookie away', async () => {
    const person = await addAccount('olaf');
    const as = { cookie: (await signIn('olaf')).cookie ?? '' };
    expect(await ask(port, 'DELETE', 'session', { as })).toMatchObject({ status: 204, cookie: 'bi_session=' });
    expect(await ask(port, 'GET', 'me', { as })).toMatchObject({ status: 401 });
    expect(await ask(port, 'DELETE', 'me/session', { as: { bearer: person.bearer } })).toMatchObject({ status: 204 });
    expect(await ask(port, 'GET', 'me', { as: { bearer: person.bearer } })).toMatchObject({ status: 401 });
  });

  test('one sees where one is signed in, and ends any of it; nobody ends another’s', async () => {
    const person = await addAccount('lisa');
    const other = await addPerson(api().database, 'otis');
    const as = { cookie: person.cookie };
    const list = async () => (await ask<Page<SessionObject>>(port, 'GET', 'me/sessions', { as })).json.items;
    const sessions = await list();
    expect(sessions).toMatchObject([
      expect.objectContaining({ address: '127.0.0.1' }),
      expect.objectContaining({ address: '127.0.0.1' }),
    ]);
    expect(sessions.find(({ isCurrent }) => isCurrent)).toMatchObject({ id: person.sessionId, kind: 'browser' });
    const cli = sessions.find(({ kind }) => kind === 'cli');
    const end = (id: string | undefined, by = as) => ask(port, 'DELETE', `me/sessions/${id}`, { as: by });
    expect(await end(cli?.id, { cookie: other.cookie })).toMatchObject({ status: 404 });
    expect(await end(cli?.id)).toMatchObject({ status: 204 });
    expect(await ask(port, 'GET', 'me', { as: { bearer: person.bearer } })).toMatchObject({ status: 401 });
    expect(await list()).toHaveLength(1);
    expect(await end('nothing')).toMatchObject({ status: 404 });
  });

  test('another password ends every other sign-in, and this one goes on with a new token', async () => {
    const person = await addAccount('petra');
    const as = { cookie: (await signIn('petra')).cookie ?? '' };
    const change = (body: object) => ask(port, 'POST', 'me/password', { as, body });
    const weak = { status: 422, json: { code: 'password-weak', errors: [{ pointer: '/password' }] } };
    expect(await change({ current: PASSWORD, password: 'too short' })).toMatchObject(weak);
    expect(await change({ current: PASSWORD, password: 'x'.repeat(257) })).toMatchObject(weak);
    expect(await change({ current: PASSWORD, password: 'petra@example.COM' })).toMatchObject(weak);
    const next = 'another four words here';
    expect(await change({ current: 'wrong password', password: next })).toMatchObject({ status: 403 });
    expect(await change({ current: PASSWORD, password: next })).toMatchObject({ status: 204 });
    const rotated = await ask(port, 'GET', 'me', { as });
    expect(rotated).toMatchObject({ status: 200, cookie: expect.stringMatching(/^bi_session=./) });
    expect(await ask(port, 'GET', 'me', { as: { cookie: person.cookie } })).toMatchObject({ status: 401 });
    expect(await ask(port, 'GET', 'me', { as: { bearer: person.bearer } })).toMatchObject({ status: 401 });
    expect(await signIn('petra')).toMatchObject({ status: 401 });
    expect(await signIn('petra', next)).toMatchObject({ status: 200 });
  });

  test('what happens to an account is in the audit of its organizations', async () => {
    const person = await addAccount('audrey');
    const acme = await addOrganization(api().database, 'acme');
    await api().database`
      INSERT INTO organization_members ${api().database({ id: createId(), organizationId: acme.id, userId: person.id, role: 'member' })}`;
    await signIn('audrey', 'wrong password');
    const as = { cookie: (await signIn('audrey')).cookie ?? '' };
    await ask(port, 'PATCH', 'me', { as, body: { displayName: 'Audrey' } });
    await ask(port, 'POST', 'me/password', { as, body: { current: PASSWORD, password: 'another four words here' } });
    await ask(port, 'DELETE', 'session', { as });
    const read = () => api().database`
      SELECT action, actor, verdict, code, object_name FROM audit_events
      WHERE organization_id = ${acme.id} ORDER BY seq`;
    const done = { actor: 'user:audrey', verdict: 'done', code: null, objectName: 'audrey' };
    const refused = { ...done, action: 'session.create', actor: 'anonymous', verdict: 'refused', code: 'login-wrong' };
    // The refusal is answered before it is written.
    await expect.poll(read).toContainEqual(refused);
    expect((await read()).filter(({ verdict }) => verdict === 'done')).toEqual([
      { ...done, action: 'session.create' },
      { ...done, action: 'user.change' },
      { ...done, action: 'user.password' },
      { ...done, action: 'session.end' },
    ]);
  });

  test('nothing that signs in stands in the database in clear', async () => {
    await addAccount('clara');
    const { cookie } = await signIn('clara');
    const token = cookie?.split('=')[1] ?? '';
    // Typed into the wrong field.
    await signIn(PASSWORD, 'clara');
    const { database } = api();
    const tables = await database<
      { name: string }[]
    >`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;
    for (const { name } of tables) {
      const [row] = await database<{ text: string | null }[]>`
        SELECT string_agg(kept::text, ' ') AS text FROM ${database(name)} AS kept`;
      expect(row?.text ?? '', name).not.toContain(token);
      expect(row?.text ?? '', name).not.toContain(PASSWORD);
    }
  });
});
