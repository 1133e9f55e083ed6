import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPrivateAddress } from './private-address.ts';
import { sendWebhook } from './send.ts';

describe('addresses of deliveries', () => {
  let server: Server;
  let calls = 0;
  const port = () => (server.address() as AddressInfo).port;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      calls += 1;
      response.writeHead(302, { Location: 'http://example.com/' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  test.each([
    ...['127.0.0.1', '127.9.9.9', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
    ...['0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1'],
    ...['64:ff9b::a00:1', '2002:a00:1::', 'ff02::1', '2001:db8::1'],
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  test.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost', '2130706433', '0x7f.1', '127.1'])(
    'nothing is sent to http://%s',
    async (host) => {
      const before = calls;
      const sent = await sendWebhook(`http://${host}:${port()}/`, '{}', {}, false);
      expect(sent).toMatchObject({ status: null, error: expect.stringContaining('this machine or its networks') });
      expect(calls).toBe(before);
    },
  );

  test('a redirect is an answer, not a way', async () => {
    const sent = await sendWebhook(`http://127.0.0.1:${port()}/`, '{}', {}, true);
    expect(sent).toMatchObject({ status: 302, error: 'answered 302' });
  });

  test.each([
    ['HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 101, 'answered 101'],
    ['HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 200, null],
    ['HTTP/1.1 204 No Content\r\n\r\n', 204, null],
    ['hello', null, expect.stringContaining('Parse Error')],
  ])('%j comes to an end', async (words, status, error) => {
    const rude = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(words));
    });
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    try {
      const sent = await sendWebhook(`http://127.0.0.1:${(rude.address() as AddressInfo).port}/`, '{}', {}, true);
      expect(sent).toMatchObject({ status, error });
    } finally {
      rude.close();
    }
  });

  test('nobody there is said', async () => {
    const sent = await sendWebhook('http://127.0.0.1:1/', '{}', {}, true);
    expect(sent).toMatchObject({ status: null, error: expect.stringContaining('ECONNREFUSED') });
  });
});
