import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ChildMessage } from '#core/engine-file.ts';
import type { StartRunRequest } from '#core/rest.ts';
import { openDatabase } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { CHANNEL } from '#db/notify.ts';
import { listApiProcesses } from '#db/queries/api-processes.ts';
import { startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import { createClient } from './client/client.ts';

const ENTRY = fileURLToPath(new URL('./main.ts', import.meta.url));

describe('the API as a process', () => {
  let server: TestPostgres;
  const folders: string[] = [];
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => server.stop());

  const start = async (url: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'bi-main-'));
    folders.push(folder);
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'token'), 'secret-token\n');
    const socket = join(folder, 'sockets', 'api.sock');
    const child = fork(ENTRY, [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        BUILDIT_DATA: join(folder, 'data'),
        BUILDIT_INSTANCE: 'test',
        BUILDIT_SOCKET: socket,
        BUILDIT_TOKEN_FILE: join(folder, 'token'),
        BUILDIT_CONTENT_VERSION: 'test',
        DATABASE_URL: url,
        // Nobody listens there: the API must serve all the same.
        TEMPORAL_ADDRESS: '127.0.0.1:1',
        TEMPORAL_NAMESPACE: 'test',
      },
    });
    children.push(child);
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const told = (kind: ChildMessage['kind']) =>
      new Promise<ChildMessage>((resolve) =>
        child.on('message', (message: ChildMessage) => (message.kind === kind ? resolve(message) : undefined)),
      );
    return { child, socket, exited, readErrors: () => errors, ready: told('ready'), fatal: told('fatal') };
  };

  test('migrates, listens on a socket of its own user, and leaves when its channel closes', async () => {
    const url = await server.createDatabase();
    const watcher = openDatabase(url);
    const api = await start(url);
    expect(await api.ready).toEqual({ kind: 'ready', address: api.socket });
    expect((await stat(api.socket)).mode & 0o777).toBe(0o600);
    const client = createClient({ socketPath: api.socket, token: 'secret-token' });
    expect(await client.listRuns()).toMatchObject({ items: [] });
    client.close();
    const there = { name: expect.stringContaining(api.socket), version: 'test', isAlive: true };
    await expect.poll(() => listApiProcesses(watcher)).toMatchObject([there]);
    api.child.disconnect();
    expect(await api.exited, api.readErrors()).toBe(0);
    expect(await listApiProcesses(watcher)).toEqual([]);
    await watcher.end();
  });

  test('killed between the commit of a run and its answer, it gives the repeated request the same run', async () => {
    const url = await server.createDatabase();
    const watcher = openDatabase(url);
    const source = await mkdtemp(join(tmpdir(), 'bi-source-'));
    const file = join(source, 'demo.kdl');
    const text = 'stage "a" { executor "process"; run "echo a" }';
    await writeFile(file, text);
    const request: StartRunRequest = {
      ...{ file, text, root: source, params: {}, environment: {}, envFile: {}, docker: null, executor: null },
      ...{ stages: [], maxParallel: null, inPlace: false, git: false, debug: null, secretFile: null, secrets: {} },
    };
    const first = await start(url);
    await first.ready;
    const committed = Promise.withResolvers<void>();
    await watcher.listen(CHANNEL, () => committed.resolve());
    const client = createClient({ socketPath: first.socket, token: 'secret-token' });
    const lost = client.startRun(request, 'key-1').catch((error: unknown) => error);
    await committed.promise;
    first.child.kill('SIGKILL');
    await Promise.all([first.exited, lost]);
    client.close();

    const second = await start(url);
    await second.ready;
    const other = createClient({ socketPath: second.socket, token: 'secret-token' });
    const run = await other.startRun(request, 'key-1');
    expect(await other.listRuns()).toMatchObject({ items: [{ id: run.id, label: 'local/1' }] });
    expect(await watcher`SELECT run_id FROM outbox`).toMatchObject([{ runId: run.id }]);
    other.close();
    await watcher.end({ timeout: 1 });
    await rm(source, { recursive: true });
  });

  test('data of a newer version is told once, as what no restart can cure', async () => {
    const url = await server.createDatabase();
    const database = openDatabase(url);
    await migrate(database);
    await database`INSERT INTO schema_migrations (number, name) VALUES (9999, 'from the future')`;
    await database.end();
    const api = await start(url);
    expect(await api.fatal).toMatchObject({ code: 'data-too-new' });
    expect(await api.exited).toBe(3);
  });
});
