import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createClient } from './client.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const CONTENT = randomBytes(2_000_000);
const credential = { token: async () => 'token', renew: async () => false };
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A server that goes away in the middle of its answers, after so many bytes of each; the one after them is whole. */
async function serve(cuts: number[], etagOf: (count: number) => string = () => '"one"') {
  const ranges: (string | undefined)[] = [];
  let sent = 0;
  server = createServer((request, response) => {
    const { range } = request.headers;
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const cut = cuts[ranges.length];
    ranges.push(range);
    const rest = CONTENT.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      ...{ ETag: etagOf(ranges.length), 'Content-Length': rest.length },
      ...(from > 0 ? { 'Content-Range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` } : {}),
    });
    const part = rest.subarray(0, cut);
    sent += part.length;
    if (cut === undefined) response.end(part);
    // Destroyed once the bytes are with the other side.
    else response.write(part, () => setTimeout(() => response.destroy(), 50));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { ranges, sent: () => sent, client: createClient({ url, credential }) };
}

test('a download that is cut at nine tenths goes on with what is missing', async () => {
  const { client, ranges, sent } = await serve([1_800_000]);
  expect(hash(await buffer(await client.getArtifact('a')))).toBe(hash(CONTENT));
  expect(ranges).toEqual([undefined, 'bytes=1800000-']);
  expect(sent()).toBe(CONTENT.length);
});

test('it goes on as often as something came, and before the first byte', async () => {
  const { client, ranges } = await serve([0, ...Array.from({ length: 12 }, () => 100_000)]);
  expect(hash(await buffer(await client.getArtifact('a')))).toBe(hash(CONTENT));
  expect(ranges).toHaveLength(14);
});

test('it never goes on with another content', async () => {
  const { client } = await serve([1_000], (count) => `"${count}"`);
  await expect(buffer(await client.getArtifact('a'))).rejects.toThrow('another one by now');
});
