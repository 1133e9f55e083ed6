import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type TestPostgres } from './postgres.ts';

/**
 * One Postgres for all test files of a run: each makes databases of its own on it. It starts when the first asks, by the
 * socket that is answered, so that a run without it pays nothing.
 */
export async function offerPostgres(): Promise<{ socket: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bi-offer-'));
  const socket = join(folder, 'postgres.sock');
  let server: Promise<TestPostgres> | null = null;
  const start = async () => {
    const started = await startPostgres();
    // The template is made once, not by two files at the same moment.
    await started.createDatabase('migrated');
    return started;
  };
  const listener = createServer((asking) => {
    asking.on('error', () => asking.destroy());
    (server ??= start()).then(
      (started) => asking.end(started.folder),
      (error: unknown) => asking.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => listener.listen(socket, resolve));
  return {
    socket,
    async stop() {
      listener.close();
      await (await server)?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
