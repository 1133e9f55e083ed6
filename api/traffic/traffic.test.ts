import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servePort, type ServedPort } from '#api/serve.ts';
import { addOrganization, addPerson, type TestPerson } from '#test/env/people.ts';
import { send } from '#test/env/send.ts';
import { useApi } from '#test/env/use-api.ts';
import { createApp } from '../app.ts';

const LIMITS = { reads: 5, writes: 2 };

describe('requests over a port', () => {
  const use = useApi();
  let port: ServedPort;
  let ann: TestPerson;
  let bo: TestPerson;

  beforeAll(async () => {
    const { context, database } = use();
    const acme = await addOrganization(database, 'acme');
    ann = await addPerson(database, 'ann', { organizationId: acme.id, role: 'owner' });
    bo = await addPerson(database, 'bo', { organizationId: acme.id, role: 'owner' });
    const app = createApp({ ...context, settings: { ...context.settings, rateLimits: LIMITS } });
    port = await servePort(app, { host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.1'] });
  });
  afterAll(() => port.close());

  const ask = (path: string, person: TestPerson | null, method = 'GET', headers: Record<string, string> = {}) =>
    send({ host: port.host, port: port.port }, path, {
      method,
      headers: { ...(person ? { authorization: `Bearer ${person.bearer}` } : {}), ...headers },
    });

  test('a caller has a number of reads a minute, and is told what is left of it', async () => {
    const left: (string | null)[] = [];
    for (let count = 0; count < LIMITS.reads; count += 1) {
      const answer = await ask('/api/v1/runs', ann);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit-limit')).toBe('5');
      left.push(answer.headers.get('ratelimit-remaining'));
    }
    expect(left).toEqual(['4', '3', '2', '1', '0']);
    const refused = await ask('/api/v1/runs', ann);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'rate-limited', retry: { afterMs: expect.any(Number) } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('ratelimit-reset'))).toBeGreaterThan(0);
  });

  test('writes are counted apart, other callers too, the socket not at all', async () => {
    expect((await ask('/api/v1/pipelines/validate', ann, 'POST')).status).toBe(422);
    expect((await ask('/api/v1/pipelines/validate', ann, 'POST')).status).toBe(422);
    expect((await ask('/api/v1/pipelines/validate', ann, 'POST')).status).toBe(429);
    expect((await ask('/api/v1/runs', bo)).status).toBe(200);
    for (let count = 0; count < LIMITS.reads * 2; count += 1) {
      const answer = await use().fetch('/api/v1/runs');
      expect([answer.status, answer.headers.get('ratelimit-limit')]).toEqual([200, null]);
    }
  });

  test('who has no name is counted by address, also with tokens that are wrong', async () => {
    const guess = (address: string) =>
      ask('/api/v1/runs', null, 'GET', { authorization: 'Bearer bi_pat_wrong', 'x-forwarded-for': address });
    const statuses: number[] = [];
    for (let count = 0; count <= LIMITS.reads; count += 1) statuses.push((await guess('203.0.113.7')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await guess('203.0.113.8')).status).toBe(401);
    // Whoever has one address of IPv6 has the network.
    for (let count = 0; count < LIMITS.reads; count += 1) await guess(`2001:db8::${count}`);
    expect((await guess('2001:db8::ffff:1')).status).toBe(429);
    expect((await guess('2001:db8:0:1::1')).status).toBe(401);
  });

  test('a line of the log tells the route and who asked, and nothing that they sent', async () => {
    const { log } = use();
    log.length = 0;
    await ask('/api/v1/runs/secret-in-path?x=secret-in-query', bo, 'GET', { 'x-secret': 'secret-in-header' });
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0] ?? '')).toMatchObject({
      ...{ level: 'info', method: 'GET', route: '/runs/:run', status: 404, actor: 'user:bo', address: '127.0.0.1' },
      ...{ ms: expect.any(Number), requestId: expect.any(String) },
    });
    expect(log[0]).not.toMatch(/secret|bi_cli/);
  });

  test('HEAD answers as GET does, without a body, and opens no stream', async () => {
    const answer = await ask('/health', null, 'HEAD');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    const run = await use().fetch('/api/v1/runs', { method: 'HEAD' });
    expect([run.status, run.headers.get('content-type'), await run.text()]).toEqual([200, 'application/json', '']);
  });

  test('a body without an end is refused at the limit', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = createConnection(port.port, port.host);
      const chunk = 'x'.repeat(64 * 1024);
      const frame = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
      let isAnswered = false;
      const write = () => {
        while (!isAnswered && socket.writable && socket.write(frame));
      };
      socket.on('drain', write);
      socket.once('data', (data) => {
        isAnswered = true;
        resolve(data.toString('utf8'));
        socket.destroy();
      });
      socket.once('error', reject);
      socket.write(
        `POST /api/v1/device/code HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Forwarded-For: 203.0.113.9\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      write();
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('body-too-large');
  });

  test('what broke inside is told to who looks after the installation, and to nobody else', async () => {
    const { context, database } = use();
    const opal = await addPerson(database, 'opal', { isOperator: true });
    const compile = () => {
      throw new Error('no such file /srv/data/x');
    };
    const broken = await servePort(createApp({ ...context, compile }), {
      ...{ host: '127.0.0.1', port: 0, trustedProxies: [] },
    });
    const validate = async ({ bearer }: TestPerson) => {
      const answer = await send({ host: broken.host, port: broken.port }, '/api/v1/pipelines/validate', {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'x' }),
      });
      expect(answer.status).toBe(500);
      return answer.text();
    };
    expect(await validate(opal)).toContain('/srv/data');
    const told = await validate(bo);
    expect(JSON.parse(told)).toMatchObject({ code: 'internal', requestId: expect.any(String) });
    expect(told).not.toContain('/srv/data');
    await broken.close();
  });

  test('an answer has the policy of a thing that is never a page', async () => {
    const { headers } = await ask('/api/v1/me', null);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; frame-ancestors 'none'/),
    });
    expect(headers.has('access-control-allow-origin')).toBe(false);
    const preflight = await ask('/api/v1/me', null, 'OPTIONS', {
      ...{ origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    expect(preflight.status).toBe(403);
    expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
