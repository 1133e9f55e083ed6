import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceCodeObject, DeviceTokensObject } from '#core/rest-sign-in.ts';
import { addPerson, ask, openPort, type TestPerson } from '#test/env/people.ts';
import { useApi } from '#test/env/use-api.ts';
import type { ServedPort } from '../serve.ts';

describe('signing in a command line', () => {
  const api = useApi();
  let port: ServedPort;
  let person: TestPerson;
  beforeAll(async () => {
    port = await openPort(api().context);
    person = await addPerson(api().database, 'ann');
  });
  afterAll(() => port.close());

  const begin = async () =>
    (await ask<DeviceCodeObject>(port, 'POST', 'device/code', { body: { client: 'buildit on mac-7' } })).json;
  const claim = ({ deviceCode }: DeviceCodeObject) =>
    ask<DeviceTokensObject>(port, 'POST', 'device/token', { body: { deviceCode } });
  const refresh = (refreshToken: string) =>
    ask<DeviceTokensObject>(port, 'POST', 'device/refresh', { body: { refreshToken } });
  const open = (code: string, by = person) =>
    ask(port, 'GET', `/login/device?code=${code}`, { as: { cookie: by.cookie } });
  const answer = (code: string, verdict: string, by = person, headers: Record<string, string> = {}) =>
    ask(port, 'POST', '/login/device', {
      as: { cookie: by.cookie },
      body: new URLSearchParams({ code, verdict }).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  const signIn = async (by = person) => {
    const device = await begin();
    await open(device.userCode, by);
    await answer(device.userCode, 'confirm', by);
    return claim(device);
  };
  /** As if the client had waited. */
  const wait = () => api().database`UPDATE device_grants SET last_polled_at = now() - interval '6 seconds'`;

  test('a confirmed sign-in gives the person’s rights to the command line', async () => {
    const device = await begin();
    expect(device).toMatchObject({
      userCode: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
      verificationUri: `http://127.0.0.1:${port.port}/login/device`,
      verificationUriComplete: `http://127.0.0.1:${port.port}/login/device?code=${device.userCode}`,
      ...{ expiresInMs: 600_000, intervalMs: 5_000 },
    });
    expect(await claim(device)).toMatchObject({ status: 400, json: { code: 'authorization-pending' } });
    const page = await open(device.userCode);
    expect(page.status).toBe(200);
    for (const shown of [device.userCode, 'buildit on mac-7', '127.0.0.1', 'user:ann']) {
      expect(page.text).toContain(shown);
    }
    expect(await answer(device.userCode, 'confirm')).toMatchObject({ status: 200 });
    await wait();
    const tokens = await claim(device);
    expect(tokens).toMatchObject({ status: 200, json: { accessToken: expect.stringMatching(/^bi_cli_\w{49}$/) } });
    const me = await ask(port, 'GET', 'me', { as: { bearer: tokens.json.accessToken } });
    expect(me).toMatchObject({ status: 200, json: { actor: 'user:ann', isFresh: true } });
    expect(await claim(device)).toMatchObject({ status: 400, json: { code: 'device-code-expired' } });
  });

  test('the code is taken in any case, with and without its dash', async () => {
    const device = await begin();
    expect(await open(device.userCode.replace('-', '').toLowerCase())).toMatchObject({ status: 200 });
  });

  test('polling sooner than the interval is told to slow down', async () => {
    const device = await begin();
    expect(await claim(device)).toMatchObject({ json: { code: 'authorization-pending' } });
    const hurried = await claim(device);
    expect(hurried).toMatchObject({ status: 400, json: { code: 'slow-down', retry: { afterMs: 5_000 } } });
    expect(hurried.headers.get('retry-after')).toBe('5');
    await wait();
    expect(await claim(device)).toMatchObject({ json: { code: 'authorization-pending' } });
  });

  test('a refused sign-in gives nothing', async () => {
    const device = await begin();
    await open(device.userCode);
    expect(await answer(device.userCode, 'refuse')).toMatchObject({ status: 200 });
    expect(await claim(device)).toMatchObject({ status: 403, json: { code: 'access-denied' } });
    expect(await answer(device.userCode, 'confirm')).toMatchObject({ status: 404 });
  });

  test('a sign-in that is not confirmed within 10 minutes is over', async () => {
    const device = await begin();
    await open(device.userCode);
    await api().database`UPDATE device_grants SET expires_at = now() - interval '1 second'`;
    expect(await answer(device.userCode, 'confirm')).toMatchObject({ status: 404 });
    expect(await claim(device)).toMatchObject({ status: 400, json: { code: 'device-code-expired' } });
    expect(await claim({ ...device, deviceCode: 'none-of-ours' })).toMatchObject({
      ...{ status: 400, json: { code: 'device-code-expired' } },
    });
  });

  test('sign-ins that are over are not kept: anybody may begin any number', async () => {
    await begin();
    await api().database`UPDATE device_grants SET expires_at = now() - interval '1 second'`;
    await begin();
    expect(await api().database`SELECT id FROM device_grants`).toHaveLength(1);
  });

  test('only the session that opened the page can confirm', async () => {
    const device = await begin();
    const other = await addPerson(api().database, 'eve');
    // The page has not been opened by anybody: a form sent blindly confirms nothing.
    expect(await answer(device.userCode, 'confirm')).toMatchObject({ status: 404 });
    expect(await open(device.userCode)).toMatchObject({ status: 200 });
    expect(await open(device.userCode, other)).toMatchObject({ status: 404 });
    expect(await answer(device.userCode, 'confirm', other)).toMatchObject({ status: 404 });
    expect(await claim(device)).toMatchObject({ json: { code: 'authorization-pending' } });
  });

  test('a form of another origin confirms nothing', async () => {
    const device = await begin();
    await open(device.userCode);
    const foreign = await answer(device.userCode, 'confirm', person, { Origin: 'https://evil.example' });
    expect(foreign).toMatchObject({ status: 403 });
    expect(foreign.headers.get('content-type')).toContain('text/html');
    expect(await claim(device)).toMatchObject({ json: { code: 'authorization-pending' } });
  });

  test('a sign-in of more than 10 minutes ago is asked for the password before it confirms', async () => {
    const old = await addPerson(api().database, 'old');
    const device = await begin();
    await open(device.userCode, old);
    await api().database`
      UPDATE sessions SET authenticated_at = now() - interval '11 minutes' WHERE id = ${old.sessionId}`;
    const page = await open(device.userCode, old);
    expect(page.status).toBe(302);
    expect(page.headers.get('location')).toBe(
      `/login?again&return=${encodeURIComponent(`/login/device?code=${device.userCode}`)}`,
    );
    expect(await answer(device.userCode, 'confirm', old)).toMatchObject({ status: 303 });
    expect(await claim(device)).toMatchObject({ json: { code: 'authorization-pending' } });
    const login = await ask(port, 'GET', page.headers.get('location') ?? '', { as: { cookie: old.cookie } });
    expect(login).toMatchObject({ status: 200, text: expect.stringContaining('type="password"') });
  });

  test('a confirmation is worth nothing once the session that gave it has ended', async () => {
    const leaver = await addPerson(api().database, 'leaver');
    const device = await begin();
    await open(device.userCode, leaver);
    await answer(device.userCode, 'confirm', leaver);
    await ask(port, 'DELETE', 'session', { as: { cookie: leaver.cookie } });
    expect(await claim(device)).toMatchObject({ status: 403, json: { code: 'access-denied' } });
  });

  test('guessing at codes is stopped', async () => {
    const guesser = await addPerson(api().database, 'guesser');
    const device = await begin();
    const guesses = await Promise.all(Array.from({ length: 8 }, () => open('BBBB-BBBB', guesser)));
    expect(guesses.filter(({ status }) => status === 404)).toHaveLength(5);
    expect(await open(device.userCode, guesser)).toMatchObject({ status: 429 });
    await api().database`DELETE FROM login_failures`;
  });

  test('an access token ends after an hour, and a refresh token gives another', async () => {
    const { accessToken, refreshToken } = (await signIn()).json;
    await api().database`UPDATE cli_sessions SET access_expires_at = now() - interval '1 second'`;
    const me = (bearer: string) => ask(port, 'GET', 'me', { as: { bearer } });
    expect(await me(accessToken)).toMatchObject({ status: 401, json: { code: 'token-expired' } });
    const renewed = await refresh(refreshToken);
    expect(renewed.status).toBe(200);
    expect(await me(renewed.json.accessToken)).toMatchObject({ status: 200 });
    expect(await me(accessToken)).toMatchObject({ status: 401 });
  });

  test('a refresh token that comes a second time ends the session', async () => {
    const first = (await signIn()).json;
    const second = (await refresh(first.refreshToken)).json;
    // Two commands of one machine at once: the slower one reads the tokens that the faster one has stored.
    expect(await refresh(first.refreshToken)).toMatchObject({ status: 409, json: { code: 'refresh-raced' } });
    expect(await ask(port, 'GET', 'me', { as: { bearer: second.accessToken } })).toMatchObject({ status: 200 });
    await api().database`UPDATE used_refresh_tokens SET used_at = now() - interval '11 seconds'`;
    expect(await refresh(first.refreshToken)).toMatchObject({ status: 401, json: { code: 'refresh-token-reused' } });
    expect(await ask(port, 'GET', 'me', { as: { bearer: second.accessToken } })).toMatchObject({ status: 401 });
    expect(await refresh(second.refreshToken)).toMatchObject({ status: 401 });
  });

  test('of many refreshes at once one gets tokens, and the session lives', async () => {
    const { refreshToken } = (await signIn()).json;
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(refreshToken)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
  });

  test('a session of 90 days, one not used for 30, and one of a disabled account are not refreshed', async () => {
    const { database } = api();
    const ends = [
      (id: string) => database`UPDATE cli_sessions SET expires_at = now() - interval '1 second' WHERE user_id = ${id}`,
      (id: string) => database`UPDATE cli_sessions SET last_seen_at = now() - interval '31 days' WHERE user_id = ${id}`,
      (id: string) => database`UPDATE users SET disabled_at = now() WHERE id = ${id}`,
    ];
    for (const [index, end] of ends.entries()) {
      const ending = await addPerson(database, `ending-${index}`);
      const { refreshToken } = (await signIn(ending)).json;
      await end(ending.id);
      expect(await refresh(refreshToken)).toMatchObject({ status: 401 });
    }
  });
});
