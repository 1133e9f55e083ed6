import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { startTemporalServer, type TemporalServer } from '#test/env/temporal-server.ts';
import { readConnection } from './client.ts';

describeWith(['temporal'], 'a Temporal behind TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-tls-'));
  const file = (name: string) => join(folder, name);
  let temporal: TemporalServer;
  const closers: (() => void)[] = [];
  beforeAll(async () => {
    temporal = await startTemporalServer();
    makeCertificates(folder);
  });
  afterAll(async () => {
    for (const close of closers) close();
    await temporal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A port with a certificate of ours that takes only clients with one of ours, before the real server. */
  const openGuard = async () => {
    const [host = '', port] = temporal.address.split(':');
    const guard = createServer(
      {
        ...{ cert: readFileSync(file('server.pem')), key: readFileSync(file('server.key')) },
        ...{ ca: readFileSync(file('ca.pem')), requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
      },
      (near) => {
        const far = connect(Number(port), host);
        near.on('error', () => far.destroy()).on('close', () => far.destroy());
        far.on('error', () => near.destroy()).on('close', () => near.destroy());
        near.pipe(far).pipe(near);
      },
    );
    await new Promise<void>((resolve) => guard.listen(0, '127.0.0.1', resolve));
    closers.push(() => guard.close());
    return `127.0.0.1:${(guard.address() as AddressInfo).port}`;
  };

  test('is reached by client and worker with the certificates that the settings name', async () => {
    const address = await openGuard();
    const tls = { ca: file('ca.pem'), client: { cert: file('client.pem'), key: file('client.key') } };
    const options = await readConnection({ address, namespace: 'default', tls, apiKey: null });
    const client = await Connection.connect(options);
    expect(await client.workflowService.describeNamespace({ namespace: 'default' })).toHaveProperty('namespaceInfo');
    await client.close();
    const worker = await NativeConnection.connect(options);
    expect(await worker.workflowService.describeNamespace({ namespace: 'default' })).toHaveProperty('namespaceInfo');
    await worker.close();
  });

  test('refuses a client without a certificate', async () => {
    const address = await openGuard();
    const tls = { ca: file('ca.pem'), client: null };
    const options = await readConnection({ address, namespace: 'default', tls, apiKey: null });
    await expect(Connection.connect({ ...options, connectTimeout: '2s' })).rejects.toThrow(/connect/i);
  });

  test('gets the API key of a file, without the line end, in each request', async () => {
    const seen: unknown[] = [];
    const server = createSecureServer({
      cert: readFileSync(file('server.pem')),
      key: readFileSync(file('server.key')),
    });
    server.on('stream', (stream, headers) => {
      seen.push(headers.authorization);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '7' }, { endStream: true });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    writeFileSync(file('api-key'), 'key-of-a-file\n');
    const options = await readConnection({
      address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      namespace: 'default',
      tls: { ca: file('ca.pem'), client: null },
      apiKey: { kind: 'file', path: file('api-key') },
    });
    await expect(Connection.connect({ ...options, connectTimeout: '2s' })).rejects.toBeInstanceOf(Error);
    expect(seen).toContain('Bearer key-of-a-file');
  });
});

/** An authority with a server's certificate for 127.0.0.1 and a client's. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const subject = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...subject, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority');
  writeFileSync(join(folder, 'server.ext'), 'subjectAltName=IP:127.0.0.1\n');
  writeFileSync(join(folder, 'client.ext'), 'extendedKeyUsage=clientAuth\n');
  for (const name of ['server', 'client']) {
    openssl('req', ...subject, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`);
  }
}
