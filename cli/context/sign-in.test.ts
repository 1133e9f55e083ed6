import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ServedPort } from '#api/serve.ts';
import { hashUserCode } from '#api/sign-in/device-flow.ts';
import { bindDeviceGrant, decideDeviceGrant } from '#db/queries/device-grants.ts';
import { addOrganization, addPerson, ask, openPort, type TestPerson } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';
import { openHome, type Home } from '../testing/home.ts';

vi.setConfig({ testTimeout: 60_000 });

describe('signing in to a server', () => {
  const use = useApi();
  let port: ServedPort;
  let ann: TestPerson;
  let url = '';
  let home: Home;
  beforeAll(async () => {
    const { database, context } = use();
    const acme = await addOrganization(database, 'acme', ['shop', 'bank']);
    port = await openPort(context);
    url = `http://127.0.0.1:${port.port}`;
    ann = await addPerson(database, 'ann', { organizationId: acme.id, role: 'owner' });
    home = openHome();
  });
  afterAll(async () => {
    await home.close();
    await port.close();
  });
  const kept = () => JSON.parse(readFileSync(join(home.settings, 'credentials'), 'utf8'));

  test('a token from stdin makes a context that is used from then on', async () => {
    const made = await ask(port, 'POST', 'tokens?workspace=acme/shop', {
      as: ann,
      body: { name: 'cli', scopes: ['run:read'], expiresInDays: 1 },
    });
    const { token } = made.json as { token: string };
    const login = await home.run(['login', url, '--with-token', '--name', 'ci'], { input: `${token}\n` });
    expect(login).toMatchObject({ exit: 0, stdout: '' });
    expect(login.stderr).toContain(`Signed in to ${url} as token:cli (context ci).`);
    expect(statSync(join(home.settings, 'credentials')).mode & 0o777).toBe(0o600);
    expect((await home.run(['whoami', '-o', 'name'])).stdout).toBe('token:cli\n');
    expect((await home.run(['whoami'])).stdout).toMatch(/^actor +workspace +role +rights\ntoken:cli +acme\/shop /);
    expect((await home.run(['config', 'list', '--origin'])).stdout).toMatch(
      new RegExp(`\\ncontext +ci +/.*/config:1\\nserver +${url} +/.*/config:3\\n`),
    );
  });

  test('a wrong token is refused with 4 and nothing is kept', async () => {
    const login = await home.run(['login', url, '--with-token', '--name', 'wrong'], { input: 'bi_pat_wrong' });
    expect(login).toMatchObject({ exit: 4, stdout: '' });
    expect(kept()).not.toHaveProperty('wrong');
    expect(await home.run(['login', url, '--with-token', '--no-input'], { input: '' })).toMatchObject({ exit: 2 });
  });

  test('a code confirmed in the browser signs in; a session that has ended is renewed; logout ends it', async () => {
    let confirmed = false;
    const login = await home.run(['login', url, '--name', 'mine'], {
      onOutput(text) {
        const code = /Code {2}(\S+)/.exec(text)?.[1];
        if (code === undefined || confirmed) return;
        confirmed = true;
        void confirm(code);
      },
    });
    expect(login).toMatchObject({ exit: 0, stdout: '' });
    expect(login.stderr).toContain('as user:ann (context mine)');
    const first = kept().mine;
    expect(Object.keys(first).toSorted()).toEqual(['accessToken', 'expiresAt', 'kind', 'refreshToken', 'server']);

    await use()
      .database`UPDATE cli_sessions SET access_expires_at = now() - interval '1 minute' WHERE client LIKE 'buildit on %'`;
    const both = await Promise.all([home.run(['whoami', '-o', 'name']), home.run(['whoami', '-o', 'name'])]);
    expect(both.map(({ stdout }) => stdout)).toEqual(['user:ann\n', 'user:ann\n']);
    const second = kept().mine;
    expect(second.accessToken).not.toBe(first.accessToken);

    expect(await home.run(['logout'])).toMatchObject({ exit: 0, stderr: expect.stringContaining('Signed out') });
    expect(kept()).not.toHaveProperty('mine');
    const gone = await ask(port, 'GET', 'me', { as: { bearer: second.accessToken } });
    expect(gone.status).toBe(401);
    const after = await home.run(['whoami', '-o', 'json']);
    expect(after).toMatchObject({ exit: 4, stdout: '' });
    expect(JSON.parse(after.stderr)).toMatchObject({ code: 'not-signed-in', hint: `buildit login ${url}` });
  });

  test('variables go before the context in use', async () => {
    const environment = { BUILDIT_SERVER: url, BUILDIT_TOKEN: ann.bearer };
    expect((await home.run(['whoami', '-o', 'name'], { environment })).stdout).toBe('user:ann\n');
    expect(await home.run(['whoami', '--context', 'nope'], { environment })).toMatchObject({ exit: 5 });
  });

  test('contexts are used, and complete', async () => {
    expect(await home.run(['config', 'use', 'ci'])).toMatchObject({ exit: 0 });
    expect((await home.run(['config', 'get', 'context'])).stdout).toBe('ci\n');
    expect(await home.run(['config', 'set', 'workspace', 'acme/shop'])).toMatchObject({ exit: 0 });
    expect((await home.run(['config', 'get', 'workspace'])).stdout).toBe('acme/shop\n');
    const environment = { BUILDIT_COMPLETE: '1' };
    expect((await home.run(['config', 'use', ''], { environment })).stdout).toBe('local\nci\nmine\n');
    expect((await home.run(['runs', 'list', '--context', 'm'], { environment })).stdout).toBe('mine\n');
  });

  /** What the page /login/device does when ann says yes. */
  async function confirm(userCode: string): Promise<void> {
    const hash = hashUserCode(userCode);
    await bindDeviceGrant(use().database, hash, { id: ann.sessionId, userId: ann.id });
    await decideDeviceGrant(use().database, hash, ann.sessionId, 'approved');
  }
});
