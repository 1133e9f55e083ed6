import { request } from 'node:http';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { networkOf, trustProxies } from './client-address.ts';

let server: Server | null = null;
afterEach(() => server?.close());

/** The address that is found for a request from 127.0.0.1 with this header. */
async function findFor(networks: string[], forwarded?: string): Promise<string> {
  const find = trustProxies(networks);
  server = createServer((incoming, outgoing) => outgoing.end(find(incoming)));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', agent: false, headers: forwarded ? { 'X-Forwarded-For': forwarded } : {} },
      (answer) => answer.setEncoding('utf8').once('data', resolve),
    );
    sent.once('error', reject).end();
  });
}

test.each([
  ['nobody is trusted', [], '10.1.1.1', '127.0.0.1'],
  ['the proxy is trusted', ['127.0.0.0/8'], '10.1.1.1', '10.1.1.1'],
  ['a client writes entries of its own', ['127.0.0.1'], '6.6.6.6, 10.1.1.1', '10.1.1.1'],
  ['two proxies are trusted', ['127.0.0.1', '10.0.0.0/8'], '6.6.6.6, 10.1.1.1', '6.6.6.6'],
  ['the proxy says nothing', ['127.0.0.1'], undefined, '127.0.0.1'],
  ['the header is no address', ['127.0.0.1'], '"; drop', '127.0.0.1'],
  ['an address is written as IPv6', ['127.0.0.1'], '::ffff:10.1.1.1', '10.1.1.1'],
])('when %s, %j and %j give %s', async (_, networks, forwarded, address) => {
  expect(await findFor(networks, forwarded)).toBe(address);
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('what comes from %s counts for %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
