import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createClient } from './client.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Seen {
  method: string | undefined;
  key: string | string[] | undefined;
  authorization: string | undefined;
}

/** A server that answers each request in turn, the last answer for ever. */
async function serve(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  const seen: Seen[] = [];
  server = createServer((request, response) => {
    const { method, headers } = request;
    seen.push({ method, key: headers['idempotency-key'], authorization: headers.authorization });
    request.resume();
    const answer = answers[Math.min(seen.length, answers.length) - 1];
    request.on('end', () => answer?.(response, request));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const problem =
  (status: number, code: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
    response.end(JSON.stringify({ status, code, detail: code, retry: 'no', errors: [] }));
  };
const ok = (response: ServerResponse) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end('{"id":"1"}');
};
const cut = (response: ServerResponse) => {
  response.destroy();
};
const fixed = { token: async () => 'secret', renew: async () => false };

test('a busy server is asked three times with the pause it names, then the refusal is thrown', async () => {
  const { seen, url } = await serve(problem(503, 'database-unreachable', { 'Retry-After': '1' }));
  const waits: number[] = [];
  const api = createClient({ url, credential: fixed, onWait: (ms) => waits.push(ms) });
  await expect(api.getMe()).rejects.toMatchObject({ problem: { status: 503, code: 'database-unreachable' } });
  expect(seen).toHaveLength(3);
  expect(waits).toEqual([1_000, 1_000]);
});

test('a pause longer than a minute is not waited for', async () => {
  const { seen, url } = await serve(problem(429, 'too-many', { 'Retry-After': '900' }));
  await expect(createClient({ url, credential: fixed }).getMe()).rejects.toMatchObject({
    problem: { code: 'too-many', retry: { afterMs: 900_000 } },
  });
  expect(seen).toHaveLength(1);
});

test('a write whose answer was lost goes again with the same key', async () => {
  const { seen, url } = await serve(cut, ok);
  expect(await createClient({ url, credential: fixed }).pauseRun('1')).toEqual({ id: '1' });
  expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST']);
  expect(seen[0]?.key).toBeDefined();
  expect(seen[1]?.key).toBe(seen[0]?.key);
});

test('a token that has ended is renewed once', async () => {
  const { seen, url } = await serve(problem(401, 'not-signed-in'), ok);
  let token = 'old';
  const credential = {
    token: async () => token,
    renew: async () => {
      token = 'new';
      return true;
    },
  };
  expect(await createClient({ url, credential }).getMe()).toEqual({ id: '1' });
  expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new']);
});

test('a refusal is not asked again', async () => {
  const { seen, url } = await serve(problem(409, 'run-ended'));
  await expect(createClient({ url, credential: fixed }).pauseRun('1')).rejects.toMatchObject({
    problem: { code: 'run-ended' },
  });
  expect(seen).toHaveLength(1);
});

test('what is not the API is told apart: a page, a moved address, nobody', async () => {
  const page = await serve((response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<p>hello</p>');
  });
  await expect(createClient({ url: page.url, credential: fixed }).getMe()).rejects.toMatchObject({
    problem: { code: 'api-unknown-answer', cause: '<p>hello</p>' },
  });
  server?.close();
  const moved = await serve((response) => {
    response.writeHead(301, { Location: 'https://ci.example.com/' });
    response.end();
  });
  await expect(createClient({ url: moved.url, credential: fixed }).getMe()).rejects.toThrow(
    'the server has moved (301) to https://ci.example.com/',
  );
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await expect(createClient({ url: moved.url, credential: fixed }).getMe()).rejects.toMatchObject({
    fault: { code: 'api-unreachable', message: `the server ${moved.url} does not answer` },
  });
});
