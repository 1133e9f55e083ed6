import { describe, expect, test } from 'vitest';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "build" {\n  image "busybox:1.37"\n  run "echo built"\n}\n';
const LONGER = `${TEXT}stage "test" needs="build" {\n  image "busybox:1.37"\n  run "echo tested"\n}\n`;

describe('pipelines on the server', () => {
  const use = useServer();
  const create = async (name: string, text = TEXT) => {
    const made = await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text });
    expect(made).toMatchObject({ status: 201 });
    return made;
  };

  test('a pipeline that was created is found by id and name, with its text and ETag', async () => {
    const made = await create('web');
    expect(made.headers.get('location')).toBe(`/api/v1/pipelines/${made.body.id}`);
    for (const reference of [made.body.id, 'web']) {
      const found = await use().bo('GET', `/pipelines/${reference}`);
      expect(found).toMatchObject({
        status: 200,
        body: { id: made.body.id, name: 'web', workspace: 'acme/shop', version: 1, text: TEXT, lastRun: null },
      });
      expect(found.headers.get('etag')).toBe('"1"');
    }
  });

  test('a text that does not compile is refused with its diagnostics, and nothing is kept', async () => {
    const refused = await use().ann('POST', '/pipelines?workspace=acme/shop', { name: 'broken', text: 'stage {' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'pipeline-invalid' } });
    expect(refused.body.diagnostics.length).toBeGreaterThan(0);
    expect(await use().ann('GET', '/pipelines/broken')).toMatchObject({ status: 404 });
  });

  test('a dry run and a validation say what a text would be and keep nothing', async () => {
    const dry = await use().ann('POST', '/pipelines?workspace=acme/shop&dryRun=true', { name: 'dry', text: LONGER });
    expect(dry).toMatchObject({
      status: 200,
      body: { valid: true, plan: { stages: [{ name: 'build' }, { name: 'test' }] } },
    });
    expect(await use().ann('GET', '/pipelines/dry')).toMatchObject({ status: 404 });
    const invalid = await use().vic('POST', '/pipelines/validate', { text: 'stage "a" { }' });
    expect(invalid).toMatchObject({ status: 200, body: { valid: false, plan: null } });
  });

  test('a name is taken once in a workspace, and free again when its pipeline is deleted', async () => {
    await create('once');
    const again = await use().ann('POST', '/pipelines?workspace=acme/shop', { name: 'once', text: TEXT });
    expect(again).toMatchObject({ status: 409, body: { code: 'pipeline-exists' } });
    expect(await use().ann('POST', '/pipelines?workspace=acme/bank', { name: 'once', text: TEXT })).toMatchObject({
      status: 201,
    });
    const removed = await use().ann('DELETE', '/pipelines/once?workspace=acme/shop', undefined, { 'If-Match': '"1"' });
    expect(removed.status).toBe(204);
    await create('once');
  });

  test('a name of two workspaces is refused until the workspace is named', async () => {
    await create('twice');
    await use().ann('POST', '/pipelines?workspace=acme/bank', { name: 'twice', text: TEXT });
    expect(await use().ann('GET', '/pipelines/twice')).toMatchObject({
      status: 422,
      body: { code: 'reference-ambiguous' },
    });
    expect(await use().ann('GET', '/pipelines/twice?workspace=acme/bank')).toMatchObject({
      body: { workspace: 'acme/bank' },
    });
    expect(await use().bo('GET', '/pipelines/twice')).toMatchObject({ body: { workspace: 'acme/shop' } });
  });

  test('a new text is a version, an earlier one can be restored, and each names its author', async () => {
    const { body } = await create('texts');
    const path = `/pipelines/${body.id}`;
    const put = await use().ann('PUT', `${path}/text`, { text: LONGER, message: 'test it' }, { 'If-Match': '"1"' });
    expect(put).toMatchObject({ status: 200, body: { version: 2, text: LONGER } });
    const restored = await use().ann('POST', `${path}/versions/1/restore`, undefined, {
      'If-Match': put.headers.get('etag') ?? '',
    });
    expect(restored).toMatchObject({ status: 200, body: { version: 3, text: TEXT } });
    const { body: versions } = await use().vic('GET', `${path}/versions?limit=2`);
    expect(versions.items).toMatchObject([
      { version: 3, createdBy: 'user:ann', message: 'restores version 1' },
      { version: 2, message: 'test it' },
    ]);
    const rest = await use().vic('GET', `${path}/versions?limit=2&cursor=${versions.next}`);
    expect(rest.body).toMatchObject({ items: [{ version: 1 }], next: null });
    expect(await use().vic('GET', `${path}/versions/2`)).toMatchObject({ body: { text: LONGER } });
    expect(await use().vic('GET', `${path}/versions/9`)).toMatchObject({ status: 404 });
  });

  test('a write wants the version it was made against', async () => {
    const { body } = await create('raced');
    const path = `/pipelines/${body.id}`;
    const change = { description: 'sells things' };
    expect(await use().ann('PATCH', path, change)).toMatchObject({ status: 428 });
    expect(await use().ann('PATCH', path, change, { 'If-Match': '"1"' })).toMatchObject({
      status: 200,
      body: { description: 'sells things', seq: 2, enabled: true },
    });
    expect(await use().ann('PATCH', path, { enabled: false }, { 'If-Match': '"1"' })).toMatchObject({
      status: 412,
      body: {
        ...{ code: 'changed-meanwhile', changedBy: 'user:ann', detail: 'user:ann changed it since it was read' },
        present: { description: 'sells things', seq: 2, updatedBy: 'user:ann' },
      },
    });
  });

  test('a key that was used in one workspace is refused in another', async () => {
    const key = { 'Idempotency-Key': 'one-workspace' };
    const create = (workspace: string) =>
      use().ann('POST', `/pipelines?workspace=${workspace}`, { name: 'keyed', text: TEXT }, key);
    expect(await create('acme/shop')).toMatchObject({ status: 201, body: { workspace: 'acme/shop' } });
    expect(await create('acme/bank')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(await create('acme/shop')).toMatchObject({ status: 201, body: { workspace: 'acme/shop' } });
  });

  test('the graph is that of the present text', async () => {
    const { body } = await create('drawn', LONGER);
    expect(await use().vic('GET', `/pipelines/${body.id}/graph`)).toMatchObject({
      status: 200,
      body: {
        version: 1,
        nodes: [{ name: 'build' }, { name: 'test' }],
        edges: [{ from: 'build', to: 'test', on: 'success' }],
      },
    });
  });

  test('who may not write is told why, who is elsewhere sees nothing', async () => {
    const { body } = await create('guarded');
    expect((await use().bo('GET', `/pipelines/${body.id}`)).body.can).toMatchObject({
      trigger: true,
      write: { code: 'not-allowed' },
    });
    const path = `/pipelines/${body.id}`;
    expect(await use().bo('DELETE', path, undefined, { 'If-Match': '*' })).toMatchObject({ status: 403 });
    expect(await use().mallory('GET', path)).toMatchObject({ status: 404 });
    expect(await use().mallory('GET', '/pipelines/guarded')).toMatchObject({ status: 404 });
    expect(await use().mallory('PUT', `${path}/text`, { text: TEXT }, { 'If-Match': '*' })).toMatchObject({
      status: 404,
    });
    expect((await use().mallory('GET', '/pipelines')).body.items).toEqual([]);
  });

  test('a list holds each pipeline once over its pages and takes filters', async () => {
    for (const name of ['listed-1', 'listed-2', 'listed-3']) await create(name);
    const first = (await use().bo('GET', '/pipelines?name=LISTED&limit=2')).body;
    const second = (await use().bo('GET', `/pipelines?name=LISTED&limit=2&cursor=${first.next}`)).body;
    const names = [...first.items, ...second.items].map((item: { name: string }) => item.name);
    expect(names).toEqual(['listed-3', 'listed-2', 'listed-1']);
    expect((await use().bo('GET', '/pipelines?enabled=false')).body.items).toEqual([]);
  });

  test.each([
    ['a line break', 'a\r\nb'],
    ['a slash', 'a/b'],
    ['the form of an id', '00000000-0000-7000-8000-000000000001'],
    ['nothing', ''],
    ['a dot in front', '../x'],
  ])('a name with %s is refused at its field', async (_, name) => {
    const refused = await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/name' }] } });
  });
});
