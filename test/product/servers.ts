import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '#db/client.ts';
import { waitUntilReady } from '#db/wait.ts';
import { addPerson, type TestPerson } from '../env/people.ts';
import { startPostgres } from '../env/postgres.ts';
import { openProxy, type Proxy } from '../env/proxy.ts';
import { startTemporalServer } from '../env/temporal-server.ts';
import { buildWeb } from '../env/web.ts';
import { type Running, startCommand } from './product.ts';

/** A server process of a test, API or worker. */
export interface ServerProcess extends Running {
  /** Of an API, once it serves. */
  url(): Promise<string>;
  kill(): Promise<void>;
}

/** A Postgres and a Temporal of the test's own, and as many processes on them as it starts. */
export interface Servers {
  folder: string;
  database: Database;
  /** Before Postgres: every process reaches it through here. */
  postgres: Proxy;
  start(...options: string[]): ServerProcess;
  /** An owner of the organization `main`, once an API has made the tables. */
  addOwner(name: string): Promise<TestPerson>;
  dispose(): Promise<void>;
}

export async function openServers(variables: NodeJS.ProcessEnv = {}): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-servers-'));
  const [postgres, temporal] = await Promise.all([startPostgres(), startTemporalServer(), buildWeb()]);
  const url = new URL((await postgres.createDatabase()).replace('@/', '@localhost/'));
  const proxy = await openProxy({ path: `${url.searchParams.get('host')}/.s.PGSQL.5432` });
  const database = openDatabase(`postgres://buildit@127.0.0.1:${proxy.port}${url.pathname}`);
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    BUILDIT_DATA: join(folder, 'data'),
    BUILDIT_HOST_ID: 'one',
    BUILDIT_PROCESS_EXECUTOR: 'on',
    DATABASE_URL: `postgres://buildit@127.0.0.1:${proxy.port}${url.pathname}`,
    TEMPORAL_ADDRESS: temporal.address,
    CI: 'true',
    ...variables,
  };
  const processes: ServerProcess[] = [];
  return {
    folder,
    database,
    postgres: proxy,
    start(...options) {
      const running = startCommand(['server', ...options], folder, environment);
      const started: ServerProcess = {
        ...running,
        async url() {
          await running.shows('BuildIt serves ');
          return /BuildIt serves (\S+)/.exec(running.output().stdout)?.[1] ?? '';
        },
        async kill() {
          running.process.kill('SIGKILL');
          await running.ended;
        },
      };
      processes.push(started);
      return started;
    },
    async addOwner(name) {
      await waitUntilReady(database, 20_000);
      const [main] = await database<{ id: string }[]>`SELECT id FROM organizations WHERE name = 'main'`;
      return addPerson(database, name, { organizationId: main?.id ?? '', role: 'owner' });
    },
    async dispose() {
      for (const { process: child } of processes) child.kill('SIGTERM');
      await Promise.all(processes.map(({ ended }) => ended));
      await database.end({ timeout: 1 });
      await proxy.stop();
      await Promise.all([postgres.stop(), temporal.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
