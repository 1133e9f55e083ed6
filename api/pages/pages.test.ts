import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from '#test/env/api.ts';
import { type TestDatabases } from '#test/env/databases.ts';
import { addOrganization, addPerson, ask, openPort, type TestPerson } from '#test/env/people.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import type { ServedPort } from '../serve.ts';
import { createSetupLink } from '../sign-in/one-time-link.ts';
import { readReturnPath } from './return-path.ts';

const PASSWORD = 'four words nobody guesses';

describe('pages', () => {
  let server: TestDatabases;
  let api: TestApi;
  let port: ServedPort;
  beforeAll(async () => {
    server = await joinPostgres();
  });
  afterAll(() => server.stop());
  // Each test has an installation of its own, without any account.
  beforeEach(async () => {
    api = await startApi(server);
    port = await openPort(api.context);
    return async () => {
      await port.close();
      await api.stop();
    };
  });

  const get = (path: string, cookie?: string | null) => ask(port, 'GET', path, cookie ? { as: { cookie } } : {});
  const post = (path: string, fields: Record<string, string>, cookie: string | null = null) =>
    ask(port, 'POST', path, {
      body: new URLSearchParams(fields).toString(),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: `http://127.0.0.1:${port.port}`,
        ...(cookie === null ? {} : { Cookie: cookie }),
      },
    });
  const linkOf = async (purpose: 'setup' | 'open') => (await api.client.createOneTimeLink(purpose)).path;
  const tokenOf = (path: string) => new URL(path, 'http://x').searchParams.get('token') ?? '';
  const account = { name: 'ann', email: 'ann@example.com', password: PASSWORD };
  const me = (cookie: string | null) => ask(port, 'GET', 'me', cookie ? { as: { cookie } } : {});

  describe('the first visit', () => {
    test('the link makes the owner of main, who looks after the installation, and signs them in', async () => {
      const link = await linkOf('setup');
      expect((await get(link)).text).toContain('Make the first account');
      const made = await post('/setup', { token: tokenOf(link), ...account });
      expect(made.status).toBe(303);
      expect(made.headers.get('location')).toBe('/');
      expect((await me(made.cookie)).json).toMatchObject({
        ...{ actor: 'user:ann', isOperator: true, organizations: [{ name: 'main', role: 'owner' }] },
      });
    });

    test('it works once, however many use it at the same time', async () => {
      const links = [await linkOf('setup'), await linkOf('setup')];
      const made = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          post('/setup', { ...account, token: tokenOf(links[index % 2] ?? ''), name: `ann-${index}` }),
        ),
      );
      expect(made.filter(({ status }) => status === 303)).toHaveLength(1);
      expect(await api.database`SELECT 1 FROM users`).toHaveLength(1);
    });

    test('once there is an account there is no link, and no page', async () => {
      const link = await linkOf('setup');
      await addPerson(api.database, 'first');
      expect(await createSetupLink(api.context)).toBeNull();
      await expect(linkOf('setup')).rejects.toMatchObject({ problem: { code: 'setup-done' } });
      expect(await get(link)).toMatchObject({ status: 409, text: expect.stringContaining('setup-done') });
      expect(await post('/setup', { token: tokenOf(link), ...account })).toMatchObject({ status: 409 });
    });

    test('a link that is wrong or too old makes nothing', async () => {
      const link = await linkOf('setup');
      expect(await get('/setup')).toMatchObject({ status: 403, text: expect.stringContaining('link-dead') });
      expect(await get('/setup?token=wrong')).toMatchObject({ status: 403 });
      await api.database`UPDATE one_time_links SET expires_at = now() - interval '1 second'`;
      expect(await post('/setup', { token: tokenOf(link), ...account })).toMatchObject({ status: 403 });
      expect(await api.database`SELECT 1 FROM users`).toHaveLength(0);
    });

    test('what is wrong stands beside its field, what was right is kept, and the link stays good', async () => {
      const token = tokenOf(await linkOf('setup'));
      const wrong = await post('/setup', { token, name: 'Ann Example', email: 'nowhere', password: 'short' });
      expect(wrong.status).toBe(422);
      expect(wrong.text).toContain('value="Ann Example"');
      expect(wrong.text.match(/aria-invalid="true"/g)).toHaveLength(2);
      const weak = await post('/setup', { ...account, token, password: 'short' });
      expect(weak).toMatchObject({ status: 422, text: expect.stringContaining('at least 12 characters') });
      expect(weak.text).not.toContain('short"');
      expect(await post('/setup', { ...account, token, name: 'local' })).toMatchObject({ status: 422 });
      expect(await post('/setup', { ...account, token })).toMatchObject({ status: 303 });
    });

    test('guessing at links is stopped', async () => {
      const guesses = await Promise.all(Array.from({ length: 24 }, () => get('/setup?token=wrong')));
      expect(guesses.filter(({ status }) => status === 403)).toHaveLength(20);
      const blocked = guesses.filter(({ status }) => status === 429);
      expect(blocked).toHaveLength(4);
      expect(Number(blocked[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    });
  });

  describe('signing in', () => {
    const setUp = async () => post('/setup', { token: tokenOf(await linkOf('setup')), ...account });

    test('who is not signed in is sent to the form, and back to where they wanted to go', async () => {
      expect((await get('/')).headers.get('location')).toBe('/login');
      expect((await get('/login')).text).toContain('Not set up yet');
      await setUp();
      const page = await get('/login?return=%2Flogin%2Fdevice');
      expect(page.text).toContain('value="/login/device"');
      const fields = { login: 'ann', password: PASSWORD, return: '/login/device' };
      const signedIn = await post('/login', fields);
      expect(signedIn).toMatchObject({ status: 303, cookie: expect.stringMatching(/^bi_session=./) });
      expect(signedIn.headers.getSetCookie()).toHaveLength(1);
      expect(signedIn.headers.get('location')).toBe('/login/device');
      expect((await get('/login', signedIn.cookie)).headers.get('location')).toBe('/');
    });

    test('a session that is due gets its new token from a page, too', async () => {
      const { cookie } = await setUp();
      await api.database`UPDATE sessions SET rotated_at = 'epoch'`;
      for (const path of ['/', '/main/main', '/login', '/logout']) {
        await api.database`UPDATE sessions SET rotated_at = 'epoch', token_hash = previous_hash, previous_hash = NULL
          WHERE previous_hash IS NOT NULL`;
        expect((await get(path, cookie)).cookie, path).toMatch(/^bi_session=./);
      }
    });

    test('a wrong password shows the form again, with the name and without the password', async () => {
      await setUp();
      const wrong = await post('/login', { login: '<b>ann', password: 'wrong <password>' });
      expect(wrong).toMatchObject({ status: 401, cookie: null });
      expect(wrong.text).toContain('name or password is wrong');
      expect(wrong.text).toContain('value="&lt;b&gt;ann"');
      expect(wrong.text).not.toContain('<b>');
      expect(wrong.text).not.toContain('wrong &lt;password');
    });

    test('a form of another origin signs nobody in, nor does one that does not say where it is from', async () => {
      await setUp();
      const body = new URLSearchParams({ login: 'ann', password: PASSWORD }).toString();
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
      for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, {}]) {
        const refused = await ask(port, 'POST', '/login', { body, headers: { ...type, ...headers } });
        expect(refused).toMatchObject({ status: 403, cookie: null });
      }
    });

    test('signing out ends the session', async () => {
      const { cookie } = await setUp();
      expect(await get('/logout', cookie)).toMatchObject({ status: 200 });
      expect((await post('/logout', {}, cookie)).headers.get('location')).toBe('/login');
      expect(await me(cookie)).toMatchObject({ status: 401 });
    });

    test('what is no form of ours is refused as a page', async () => {
      const json = await ask(port, 'POST', '/login', {
        ...{ body: { login: 'ann', password: 'x' } },
        headers: { Origin: `http://127.0.0.1:${port.port}` },
      });
      expect(json).toMatchObject({ status: 400, text: expect.stringContaining('content-type') });
      expect(await post('/login', { login: 'x'.repeat(20_000), password: 'x' })).toMatchObject({ status: 413 });
      expect(await post('/login', { login: 'ann' })).toMatchObject({ status: 422 });
    });
  });

  test('`buildit open` signs a browser in as the local user, once, without the routes of the socket', async () => {
    const link = await linkOf('open');
    const opened = await get(link);
    expect(opened).toMatchObject({ status: 303, cookie: expect.stringMatching(/^bi_session=./) });
    const as = { cookie: opened.cookie ?? '' };
    expect((await me(opened.cookie)).json).toMatchObject({ actor: 'user:local', user: null, isOperator: true });
    expect(await ask(port, 'POST', 'one-time-links', { as, body: { purpose: 'open' } })).toMatchObject({
      ...{ status: 403, json: { code: 'local-only' } },
    });
    expect(await get('/login/device', opened.cookie)).toMatchObject({ status: 403 });
    expect(await get(link)).toMatchObject({ status: 403, cookie: null });
    expect(await get('/login/open?token=wrong')).toMatchObject({ status: 403 });
    const late = await linkOf('open');
    await api.database`UPDATE one_time_links SET expires_at = now() - interval '1 second'`;
    expect(await get(late)).toMatchObject({ status: 403 });
  });

  test('links are made over the socket alone', async () => {
    const person = await addPerson(api.database, 'ann', { isOperator: true });
    for (const purpose of ['open', 'setup']) {
      const asked = await ask(port, 'POST', 'one-time-links', { as: person, body: { purpose } });
      expect(asked).toMatchObject({ status: 403, json: { code: 'local-only' } });
    }
  });

  describe('an invitation', () => {
    let owner: TestPerson;
    const invite = async (email: string) => {
      const acme = await addOrganization(api.database, 'acme', ['shop']);
      owner = await addPerson(api.database, 'olga', { organizationId: acme.id, role: 'owner' });
      const body = { email, role: 'member', workspaces: [{ workspace: 'acme/shop', role: 'viewer' }] };
      const made = await ask<{ link: string }>(port, 'POST', 'invitations?organization=acme', { as: owner, body });
      expect(made).toMatchObject({ status: 201 });
      const { pathname, search } = new URL(made.json.link);
      return `${pathname}${search}`;
    };
    const joined = { organizations: [{ name: 'acme', role: 'member', workspaces: [{ name: 'shop' }] }] };

    test('a newcomer makes an account with it and is signed in', async () => {
      const link = await invite('nina@example.com');
      const page = await get(link);
      for (const shown of ['user:olga', 'acme/shop', 'value="nina@example.com"']) expect(page.text).toContain(shown);
      const fields = { name: 'nina', email: 'nina@example.com', password: PASSWORD, token: tokenOf(link) };
      const weak = await post('/invitation', { ...fields, password: 'short' });
      expect(weak).toMatchObject({ status: 422, cookie: null });
      const taken = await post('/invitation', { ...fields, name: 'olga' });
      expect(taken).toMatchObject({ status: 422, text: expect.stringContaining('another account') });
      const made = await post('/invitation', fields);
      expect(made).toMatchObject({ status: 303 });
      expect((await me(made.cookie)).json).toMatchObject({ actor: 'user:nina', isOperator: false, ...joined });
      expect(await get(link)).toMatchObject({ status: 404, text: expect.stringContaining('invitation-closed') });
    });

    test('who has an account joins with it', async () => {
      const link = await invite('other@example.com');
      const person = await addPerson(api.database, 'paul');
      expect((await get(link, person.cookie)).text).toContain('Join as paul');
      expect(await post('/invitation', { token: tokenOf(link) }, person.cookie)).toMatchObject({ status: 303 });
      expect((await ask(port, 'GET', 'me', { as: person })).json).toMatchObject(joined);
    });
  });

  test('every page is served without a script, in nobody’s frame, and is kept by nobody', async () => {
    const setup = await get(await linkOf('setup'));
    const { cookie } = await addPerson(api.database, 'ann');
    const paths = ['/login/device', '/logout', '/setup', '/invitation?token=x', '/login/open'];
    const pages = [setup, await get('/login'), ...(await Promise.all(paths.map((path) => get(path, cookie))))];
    for (const page of pages) {
      expect(page.headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(page.headers.get('referrer-policy')).toBe('same-origin');
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      expect(page.text).toMatch(/<html lang="en">/);
      expect(page.text).not.toMatch(/<script|\sstyle=|\son\w+=/);
    }
    const fields = pages.flatMap(({ text }) =>
      [...text.matchAll(/<input\s+id="([^"]+)"/g)].map(([, id]) => ({ id, text })),
    );
    expect(fields.map(({ id }) => id)).toEqual(['name', 'email', 'password', 'login', 'password', 'code']);
    for (const { id, text } of fields) expect(text).toContain(`<label for="${id}">`);
    const [style] = /\/assets\/pages-[0-9a-f]{16}\.css/.exec((await get('/logout')).text) ?? [];
    const sheet = await get(style ?? '');
    expect(sheet).toMatchObject({ status: 200, text: expect.stringContaining('--bg-base') });
    expect(sheet.headers.get('cache-control')).toContain('immutable');
    expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
  });
});

describe('a path to return to', () => {
  test('is one of ours, written anew, or the home page', () => {
    expect(readReturnPath('/login/device?code=BCDF-GHJK')).toBe('/login/device?code=BCDF-GHJK');
    expect(readReturnPath('/a/../b#part')).toBe('/b');
    const foreign = [
      ...['//evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example', 'https:evil.example'],
      ...['javascript:alert(1)', '/\t/evil.example', '/..//evil.example', '', undefined],
    ];
    for (const text of foreign) expect(readReturnPath(text), String(text)).toBe('/');
  });
});
