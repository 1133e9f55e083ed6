import { v7 as createId } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NewCache } from '#core/cache.ts';
import { createMigratedDatabase, type TestDatabases } from '#test/env/databases.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import type { Database } from '../client.ts';
import { countCacheUse, evictCaches, findCache, findStrayCaches, forgetCache, insertCache } from './caches.ts';

const workspaceId = '00000000-0000-7000-8000-000000000002';

describe('entries of caches', () => {
  let server: TestDatabases;
  let database: Database;
  let runId: string;
  beforeAll(async () => {
    server = await joinPostgres();
    ({ database } = await createMigratedDatabase(server));
  });
  afterAll(async () => {
    await database.end({ timeout: 1 });
    await server.stop();
  });
  beforeEach(async () => {
    await database`DELETE FROM caches`;
    runId = await insertRun('running');
  });

  /** A run of a pipeline of its own. */
  async function insertRun(kind: 'running' | 'ended'): Promise<string> {
    const [pipelineId, id] = [createId(), createId()];
    await database`
      INSERT INTO pipelines (id, workspace_id, origin, path, name)
      VALUES (${pipelineId}, ${workspaceId}, 'local', ${pipelineId}, ${pipelineId})`;
    await database`
      INSERT INTO runs (id, workspace_id, pipeline_id, scope, number, attempt, label, trigger, started_by, params, notices,
        plan, plan_digest, file, source, environment, env_file, status, status_kind, ended_at)
      SELECT ${id}, ${workspaceId}, ${pipelineId}, 'local', count(*) + 1, 1, ${id}, 'local', 'user:ann', '{}', '[]', '{}',
        '', '', '{}', '{}', '{}', '{}', ${kind}, ${kind === 'ended' ? new Date().toISOString() : null} FROM runs`;
    return id;
  }

  let made = 0;
  const save = (key: string, changes: Partial<NewCache> = {}) => {
    made++;
    const reference = { key: `caches/${runId}/${made}/manifest.json`, digest: 'd', bytes: 1, folders: [] };
    const entry = { runId, name: 'npm', version: 'v', scope: 'branch:main', key, stage: 's' };
    return insertCache(database, { ...entry, files: 1, bytes: 10, reference, madeMs: 5, ...changes });
  };
  const find = (key: string, prefixes: string[] = [], scopes = ['branch:feature', 'branch:main']) =>
    findCache(database, { runId, name: 'npm', version: 'v', scopes, key, prefixes }).then(
      (found) => found && `${found.key} of ${found.scope}`,
    );

  test('the very key goes before every prefix, whatever the scope', async () => {
    await save('npm-2', { scope: 'branch:feature' });
    await save('npm-1');
    expect(await find('npm-1', ['npm-'])).toBe('npm-1 of branch:main');
    await save('npm-1', { scope: 'branch:feature' });
    expect(await find('npm-1', ['npm-'])).toBe('npm-1 of branch:feature');
  });

  test('prefixes are looked for in their order, in the scopes in theirs, the newest entry first', async () => {
    await save('npm-a-1');
    await save('npm-a-2');
    await save('npm-b', { scope: 'branch:feature' });
    expect(await find('npm-a-9', ['npm-a-', 'npm-'])).toBe('npm-a-2 of branch:main');
    expect(await find('npm-c', ['npm-c-', 'npm-'])).toBe('npm-b of branch:feature');
    expect(await find('npm-c', ['yarn-'])).toBeNull();
  });

  test('a prefix is text, not a pattern', async () => {
    await save('npm%1');
    expect(await find('x', ['npm_'])).toBeNull();
    expect(await find('x', ['npm%'])).toBe('npm%1 of branch:main');
  });

  test('another scope, pipeline, name or set of paths sees nothing of it', async () => {
    await save('k');
    expect(await find('k', [], ['branch:feature'])).toBeNull();
    expect(await find('k', ['k'], [])).toBeNull();
    const look = (changes: object) =>
      findCache(database, {
        ...{ runId, name: 'npm', version: 'v', scopes: ['branch:main'], key: 'k', prefixes: ['k'], ...changes },
      });
    expect(await look({})).toMatchObject({ key: 'k' });
    expect(await look({ runId: await insertRun('running') })).toBeNull();
    expect(await look({ name: 'other' })).toBeNull();
    expect(await look({ version: 'w' })).toBeNull();
  });

  test('a key is taken once: of two writers the first stays, and saying it again is fine', async () => {
    const reference = { key: 'caches/r/again/manifest.json', digest: 'd', bytes: 1, folders: [] };
    expect(await save('k', { reference })).toBe(true);
    expect(await save('k', { reference })).toBe(true);
    expect(await save('k')).toBe(false);
    expect(
      await findCache(database, { runId, name: 'npm', version: 'v', scopes: ['branch:main'], key: 'k', prefixes: [] }),
    ).toMatchObject({ reference });
  });

  test('beyond the limit of the workspace the entry that was hit longest ago goes first', async () => {
    for (const key of ['a', 'b', 'c']) await save(key);
    const a = await findCache(database, {
      runId,
      name: 'npm',
      version: 'v',
      scopes: ['branch:main'],
      key: 'a',
      prefixes: [],
    });
    await countCacheUse(database, { runId, name: 'npm', version: 'v', found: a?.id ?? '' });
    expect(await evictCaches(database, { runId, limitBytes: 30 })).toEqual([]);
    expect(await evictCaches(database, { runId, limitBytes: 25 })).toHaveLength(1);
    expect(await Promise.all(['a', 'b', 'c'].map((key) => find(key)))).toEqual([
      'a of branch:main',
      null,
      'c of branch:main',
    ]);
    expect(await evictCaches(database, { runId, limitBytes: 9 })).toHaveLength(2);
  });

  test('hits and misses are counted by day', async () => {
    await countCacheUse(database, { runId, name: 'npm', version: 'v', found: null });
    await countCacheUse(database, { runId, name: 'npm', version: 'v', found: createId() });
    await countCacheUse(database, { runId, name: 'npm', version: 'v', found: createId() });
    const rows = await database`
      SELECT name, hits, misses FROM cache_days WHERE pipeline_id = (SELECT pipeline_id FROM runs WHERE id = ${runId})`;
    expect([...rows]).toEqual([{ name: 'npm', hits: 2, misses: 1 }]);
  });

  test("what is stored without a row is nobody's, unless its run may still be saving it", async () => {
    const ended = await insertRun('ended');
    await save('k', { reference: { key: 'kept', digest: 'd', bytes: 1, folders: [] } });
    const stored = [
      { runId: ended, key: 'kept' },
      { runId: ended, key: 'stray' },
      { runId, key: 'being saved' },
      { runId: createId(), key: 'of a run that is gone' },
    ];
    expect((await findStrayCaches(database, stored)).toSorted()).toEqual(['of a run that is gone', 'stray']);
    expect(await findStrayCaches(database, [])).toEqual([]);
  });

  test('a forgotten entry is found no more', async () => {
    await save('k');
    const found = await findCache(database, {
      runId,
      name: 'npm',
      version: 'v',
      scopes: ['branch:main'],
      key: 'k',
      prefixes: [],
    });
    await forgetCache(database, found?.id ?? '');
    expect(await find('k')).toBeNull();
  });
});
