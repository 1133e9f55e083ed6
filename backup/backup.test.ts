import { randomBytes, randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { inScope } from '#db/scope.ts';
import { openObjectStore } from '#store/object/open-object-store.ts';
import { createMigratedDatabase } from '#test/env/databases.ts';
import { startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import { restoreBackup } from './restore-backup.ts';
import { type Installation, writeBackup } from './write-backup.ts';

describe('an archive', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  async function openInstallation(): Promise<Installation & { archive: string }> {
    const dataFolder = await mkdtemp(join(tmpdir(), 'bi-backup-'));
    const { database, url } = await createMigratedDatabase(server);
    onTestFinished(async () => {
      await database.end({ timeout: 1 });
      await rm(dataFolder, { recursive: true, force: true });
    });
    return {
      database,
      databaseUrl: url,
      dataFolder,
      objects: openObjectStore({ folder: join(dataFolder, 'objects') }),
      masterKey: { kind: 'file', path: join(dataFolder, 'master.key') },
      isShared: false,
      archive: join(dataFolder, 'archive.tar'),
    };
  }

  /** Something in tables, store, folders and keys. */
  async function fill({ database, objects, dataFolder }: Installation): Promise<void> {
    for (let index = 0; index < 3; index++) await insertRun(database, index);
    await database`INSERT INTO idempotency_keys (caller, key, request_digest, status, headers, body)
      VALUES ('user:ann', E'tab\there \\\\ and\nline', 'x', 200, '{}', ${'ü"\\.\t'.repeat(300_000)})`;
    await objects.put('logs/run-1/build[node=22]/1/segment', randomBytes(300_000));
    await objects.put('plans/empty', new Uint8Array());
    const contents = join(dataFolder, 'snapshots', 'contents', 'ab');
    await mkdir(contents, { recursive: true });
    await writeFile(join(contents, 'cdef'), randomBytes(6_000_000));
    await writeFile(join(contents, '.draft'), 'half');
    await writeFile(join(dataFolder, 'master.key'), 'a key', { mode: 0o600 });
  }

  async function readAll(database: Database): Promise<Record<string, unknown>> {
    const tables = await database<{ name: string }[]>`
      SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> 'schema_migrations' ORDER BY 1`;
    const read: Record<string, unknown> = {};
    for (const { name } of tables) {
      // The number of a transaction means something to one database server alone.
      read[name] =
        await database`SELECT (to_jsonb(t) - 'changed_in')::text AS row FROM ${database(name)} AS t ORDER BY 1`;
    }
    return read;
  }

  test('restores every row, object, file and key into a new installation', async () => {
    const [from, to] = [await openInstallation(), await openInstallation()];
    await fill(from);
    const summary = await writeBackup(from, from.archive);
    expect(summary).toMatchObject({ objects: 2, files: 1, hasKey: true });
    expect((await stat(from.archive)).mode & 0o777).toBe(0o600);
    expect(await restoreBackup(to, from.archive)).toMatchObject({ objects: 2, files: 1 });
    const expected = await readAll(from.database);
    expect(Object.keys(expected).length).toBeGreaterThan(30);
    expect(expected['runs']).toHaveLength(3);
    expect(await readAll(to.database)).toEqual(expected);
    for (const key of await from.objects.list(''))
      expect(await to.objects.get(key)).toEqual(await from.objects.get(key));
    for (const path of ['snapshots/contents/ab/cdef', 'master.key']) {
      expect((await readFile(join(to.dataFolder, path))).equals(await readFile(join(from.dataFolder, path)))).toBe(
        true,
      );
    }
    expect((await stat(join(to.dataFolder, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  test('leaves a database that goes on: numbers, triggers and migrations', async () => {
    const [from, to] = [await openInstallation(), await openInstallation()];
    await fill(from);
    await writeBackup(from, from.archive);
    await restoreBackup(to, from.archive);
    expect(await migrate(to.database)).toEqual([]);
    const numbers = () => to.database<{ id: number }[]>`
      INSERT INTO outbox (run_id, input) SELECT id, '{}' FROM runs ORDER BY id LIMIT 1 RETURNING id, workspace_id`;
    const [first] = await numbers();
    expect(first).toMatchObject({ id: 4, workspaceId: expect.any(String) });
    const [workspace] = await to.database<{ id: string; organizationId: string }[]>`
      SELECT id, organization_id FROM workspaces`;
    const scope = {
      ...{ callerId: 'user:local', workspaceIds: [workspace?.id ?? ''] },
      organizationIds: [workspace?.organizationId ?? ''],
    };
    // As a request reads: under the role of tenants.
    expect(await inScope(to.database, scope, (scoped) => scoped`SELECT id FROM runs`)).toHaveLength(3);
    const disabled = await to.database`SELECT tgname FROM pg_trigger WHERE tgenabled = 'D'`;
    expect(disabled).toHaveLength(0);
  });

  test('is of one moment, whatever is written meanwhile', async () => {
    const [from, to] = [await openInstallation(), await openInstallation()];
    await fill(from);
    const writing = new AbortController();
    let index = 100;
    const writer = (async () => {
      while (!writing.signal.aborted) await insertRun(from.database, index++);
    })();
    await expect.poll(() => index).toBeGreaterThan(105);
    await writeBackup(from, from.archive);
    writing.abort();
    await writer;
    await restoreBackup(to, from.archive);
    const [lost] = await to.database<{ count: number }[]>`
      SELECT count(*) FROM runs FULL JOIN outbox ON outbox.run_id = runs.id WHERE runs.id IS NULL OR outbox.id IS NULL`;
    expect(lost?.count).toBe(0);
  });

  test('is restored beside processes that read and write all the time', async () => {
    const [from, to] = [await openInstallation(), await openInstallation()];
    await fill(from);
    await writeBackup(from, from.archive);
    const reading = new AbortController();
    const readers = [
      ['outbox', 'runs'],
      ['runs', 'outbox'],
    ].map(async ([first = '', second = '']) => {
      while (!reading.signal.aborted) {
        await to.database.begin(async (transaction) => {
          await transaction`LOCK TABLE ${transaction(first)} IN ROW EXCLUSIVE MODE`;
          await transaction`SELECT count(*) FROM ${transaction(second)}`;
        });
      }
    });
    const settled = Promise.allSettled(readers);
    await restoreBackup(to, from.archive);
    reading.abort();
    await settled;
    expect(await to.database`SELECT id FROM runs`).toHaveLength(3);
  });

  test('of an older schema is brought up to date', async () => {
    const [from, to] = [await openInstallation(), await openInstallation()];
    const folder = await mkdtemp(join(tmpdir(), 'bi-older-'));
    const migrations = new URL('../db/migrations/', import.meta.url);
    await cp(new URL('0001_read-model.sql', migrations), join(folder, '0001_read-model.sql'));
    const older = openDatabase(await server.createDatabase());
    await migrate(older, { folder: pathToFileURL(`${folder}/`) });
    await older`INSERT INTO pipelines (id, workspace_id, origin, path, name)
      SELECT gen_random_uuid(), id, 'local', '/a.kdl', 'old' FROM workspaces`;
    await writeBackup({ ...from, database: older }, from.archive);
    await older.end();
    await rm(folder, { recursive: true });
    await restoreBackup(to, from.archive);
    expect(await to.database`SELECT name, enabled FROM pipelines`).toMatchObject([{ name: 'old', enabled: true }]);
    expect(await migrate(to.database)).toEqual([]);
  });

  test('is restored into a new installation only', async () => {
    const from = await openInstallation();
    await fill(from);
    await writeBackup(from, from.archive);
    const before = await readAll(from.database);
    await expect(restoreBackup(from, from.archive)).rejects.toMatchObject({ fault: { code: 'restore-not-empty' } });
    expect(await readAll(from.database)).toEqual(before);
    await expect(writeBackup(from, from.archive)).rejects.toMatchObject({ fault: { code: 'backup-file-exists' } });
  });

  test('is restored while no process of a shared server is connected', async () => {
    const [from, to] = [await openInstallation(), await openInstallation()];
    await fill(from);
    await writeBackup(from, from.archive);
    const worker = openDatabase(to.databaseUrl, { name: 'buildit-worker' });
    await worker`SELECT 1`;
    const shared = { ...to, isShared: true };
    await expect(restoreBackup(shared, from.archive)).rejects.toMatchObject({ fault: { code: 'restore-in-use' } });
    await worker.end();
    const connected = () => to.database`SELECT pid FROM pg_stat_activity WHERE application_name = 'buildit-worker'`;
    await expect.poll(connected).toHaveLength(0);
    expect(await restoreBackup(shared, from.archive)).toMatchObject({ objects: 2 });
  });

  test('that is cut or changed anywhere is refused before anything is touched', async () => {
    const [from, to] = [await openInstallation(), await openInstallation()];
    await fill(from);
    await writeBackup(from, from.archive);
    const whole = await readFile(from.archive);
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(200_000) ^ 1, 200_000);
    const before = await readAll(to.database);
    for (const bytes of [whole.subarray(0, 512), whole.subarray(0, whole.length / 2), changed, Buffer.from('no tar')]) {
      await writeFile(to.archive, bytes);
      await expect(restoreBackup(to, to.archive)).rejects.toMatchObject({ fault: { code: 'backup-damaged' } });
    }
    expect(await readAll(to.database)).toEqual(before);
    expect(await readdir(to.dataFolder)).toEqual(['archive.tar']);
  });

  test('that could not be written leaves no file', async () => {
    const from = await openInstallation();
    await fill(from);
    const objects = { ...from.objects, get: () => Promise.reject(new Error('disk is gone')) };
    await expect(writeBackup({ ...from, objects }, from.archive)).rejects.toThrow('disk is gone');
    const ending = new AbortController();
    const ended = {
      ...from.objects,
      async get(key: string) {
        ending.abort();
        return from.objects.get(key);
      },
    };
    const broken = writeBackup({ ...from, objects: ended }, from.archive, ending.signal);
    await expect(broken).rejects.toMatchObject({ name: 'AbortError' });
    expect((await readdir(from.dataFolder)).filter((name) => name.includes('archive'))).toEqual([]);
    await writeBackup(from, from.archive);
  });
});

async function insertRun(database: Database, number: number): Promise<void> {
  const [runId, pipelineId] = [randomUUID(), randomUUID()];
  await database.begin(async (transaction) => {
    await transaction`INSERT INTO pipelines (id, workspace_id, origin, path, name)
      SELECT ${pipelineId}, id, 'local', ${`/${number}.kdl`}, 'demo' FROM workspaces LIMIT 1`;
    await transaction`
      INSERT INTO runs (id, workspace_id, pipeline_id, scope, number, attempt, label, trigger, started_by, params,
        notices, plan, plan_digest, file, source, environment, env_file, status, status_kind)
      SELECT ${runId}, workspace_id, id, 'local', ${number}, 1, 'local/1', 'local', 'user:local', '{}', '[]', '{}', '',
        path, '{}', '{}', '{}', '{"kind":"queued"}', 'queued' FROM pipelines WHERE id = ${pipelineId}`;
    await transaction`INSERT INTO outbox (run_id, input) VALUES (${runId}, '{}')`;
  });
}
