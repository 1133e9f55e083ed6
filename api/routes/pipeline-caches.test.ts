import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { v7 as createId } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import { asJson } from '#db/client.ts';
import { countCacheUse } from '#db/queries/caches.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "build" {\n  image "busybox:1.37"\n  run "echo built"\n}\n';

describe('caches of a pipeline', () => {
  const use = useServer();
  let made = 0;
  let pipeline: string;
  let run: string;
  beforeEach(async () => {
    const name = `cached-${++made}`;
    pipeline = (await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT })).body.id;
    run = (await use().ann('POST', `/pipelines/${pipeline}/runs`, {})).body.id;
  });

  async function save(key: string, scope = 'branch:main') {
    const { database, context } = use().api;
    const tar = pack();
    tar.entry({ name: 'workspace/a' }, key);
    tar.finalize();
    const id = { runId: run, name: key };
    const saved = (await context.stores.caches.save(id, Readable.from(tar), [])) ?? expect.fail();
    const row = createId();
    await database`
      INSERT INTO caches (id, workspace_id, pipeline_id, name, version, scope, key, files, bytes, reference, run_id, stage)
      SELECT ${row}, workspace_id, pipeline_id, 'npm', 'v', ${scope}, ${key}, ${saved.files}, ${saved.bytes},
        ${asJson(database, saved.reference)}, id, 'build' FROM runs WHERE id = ${run}`;
    return row;
  }
  const stored = async () => (await use().api.context.stores.caches.list()).filter(({ runId }) => runId === run);

  test('they are listed newest first, with what they hold and how often they are found', async () => {
    const ids = [await save('one'), await save('two', 'branch:feature')];
    for (const found of [ids[0] ?? '', null, ids[0] ?? '', ids[0] ?? ''])
      await countCacheUse(use().api.database, { runId: run, name: 'npm', version: 'v', found });
    const { status, body } = await use().vic('GET', `/pipelines/${pipeline}/caches`);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { id: ids[1], name: 'npm', scope: 'branch:feature', key: 'two', files: 1, bytes: 3, hits: 0, lastHitAt: null },
      { id: ids[0], key: 'one', hits: 3, runId: run, stage: 'build', uses: { hits: 3, misses: 1 } },
    ]);
    const first = await use().vic('GET', `/pipelines/${pipeline}/caches?limit=1`);
    const second = await use().vic('GET', `/pipelines/${pipeline}/caches?limit=1&cursor=${first.body.next}`);
    expect([first, second].map(({ body: page }) => page.items[0].key)).toEqual(['two', 'one']);
  });

  test('one is removed with its bytes, and the removal is on record', async () => {
    const [one] = [await save('one'), await save('two')];
    expect(await use().ann('DELETE', `/pipelines/${pipeline}/caches/${one}`)).toMatchObject({
      status: 200,
      body: { deleted: 1, bytes: 3 },
    });
    expect(await use().ann('DELETE', `/pipelines/${pipeline}/caches/${one}`)).toMatchObject({ status: 404 });
    expect(await stored()).toMatchObject([{ name: 'two' }]);
    const [entry] = await use().api.database`
      SELECT action, detail FROM audit_events WHERE object_id = ${pipeline} ORDER BY id DESC LIMIT 1`;
    expect(entry).toMatchObject({ action: 'cache.delete', detail: { key: 'one', scope: 'branch:main' } });
  });

  test('all are removed at once, of this pipeline alone', async () => {
    await Promise.all([save('one'), save('two')]);
    const { body } = await use().ann('DELETE', `/pipelines/${pipeline}/caches`);
    expect(body).toEqual({ deleted: 2, bytes: 6 });
    expect(await stored()).toEqual([]);
    expect((await use().ann('GET', `/pipelines/${pipeline}/caches`)).body.items).toEqual([]);
  });

  test('a viewer sees them and removes none; another organization sees no pipeline', async () => {
    const id = await save('one');
    expect(await use().vic('DELETE', `/pipelines/${pipeline}/caches/${id}`)).toMatchObject({ status: 403 });
    expect(await use().vic('DELETE', `/pipelines/${pipeline}/caches`)).toMatchObject({ status: 403 });
    expect(await use().mallory('GET', `/pipelines/${pipeline}/caches`)).toMatchObject({ status: 404 });
    expect(await use().mallory('DELETE', `/pipelines/${pipeline}/caches`)).toMatchObject({ status: 404 });
  });
});
