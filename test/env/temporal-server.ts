import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { Connection } from '@temporalio/client';
import { TEMPORAL_SETTINGS } from '#engine/temporal-settings.ts';
import { locateTemporal } from './temporal.ts';

/** A Temporal dev server of a test's own: in memory, on a free port of 127.0.0.1. */
export interface TemporalServer {
  address: string;
  stop(): Promise<void>;
}

/** `settings` are added to those of the embedded server. */
export async function startTemporalServer(settings: readonly string[] = []): Promise<TemporalServer> {
  const port = await findFreePort();
  const values = [...TEMPORAL_SETTINGS, ...settings].flatMap((setting) => ['--dynamic-config-value', setting]);
  const address = `127.0.0.1:${port}`;
  const child = spawn(
    await locateTemporal(),
    [
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--log-level',
      'error',
      ...values,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await waitUntilServing(address);
  return {
    address,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function waitUntilServing(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '20s' });
  // The port answers before the namespace exists.
  for (;;) {
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  await connection.close();
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
