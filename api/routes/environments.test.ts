import { describe, expect, test } from 'vitest';
import { useServer } from '#test/env/use-server.ts';

describe('environments', () => {
  const use = useServer();
  const create = async (name: string, position = 0) => {
    const made = await use().ann('POST', '/environments?workspace=acme/shop', { name, position });
    expect(made).toMatchObject({ status: 201, body: { name, lock: null } });
    return made.body as { id: string };
  };

  test('environments are listed in their order and found by id and name', async () => {
    const { id } = await create('production', 2);
    await create('staging', 1);
    const { items } = (await use().vic('GET', '/environments')).body;
    expect(items.map((item: { name: string }) => item.name)).toEqual(['staging', 'production']);
    expect(await use().vic('GET', '/environments/production')).toMatchObject({ status: 200, body: { id } });
    expect(await use().ann('POST', '/environments?workspace=acme/shop', { name: 'staging' })).toMatchObject({
      status: 409,
      body: { code: 'environment-exists' },
    });
  });

  test('a lock names who and why, stands against another and against removal, and is taken away', async () => {
    const { id } = await create('locked');
    const path = `/environments/${id}`;
    expect(await use().ann('POST', `${path}/lock`, {})).toMatchObject({ status: 422 });
    expect(await use().ann('POST', `${path}/lock`, { reason: 'incident 7' })).toMatchObject({
      status: 200,
      body: { lock: { by: 'user:ann', reason: 'incident 7' }, seq: 2 },
    });
    expect(await use().ann('POST', `${path}/lock`, { reason: 'again' })).toMatchObject({
      status: 409,
      body: { code: 'environment-locked', present: { reason: 'incident 7' } },
    });
    expect(await use().ann('DELETE', path, undefined, { 'If-Match': '*' })).toMatchObject({ status: 409 });
    expect(await use().ann('POST', `${path}/unlock`, { reason: 'over' })).toMatchObject({
      status: 200,
      body: { lock: null },
    });
    expect(await use().ann('POST', `${path}/unlock`, { reason: 'over' })).toMatchObject({ status: 409 });
    expect((await use().ann('DELETE', path, undefined, { 'If-Match': '"3"' })).status).toBe(204);
    expect(await use().ann('GET', path)).toMatchObject({ status: 404 });
  });

  test('a change wants the version it was made against, and the right', async () => {
    const { id } = await create('changed');
    const path = `/environments/${id}`;
    expect(await use().ann('PATCH', path, { description: 'x' })).toMatchObject({ status: 428 });
    expect(await use().ann('PATCH', path, { description: 'x' }, { 'If-Match': '"1"' })).toMatchObject({
      status: 200,
      body: { description: 'x', position: 0 },
    });
    expect(await use().ann('PATCH', path, { position: 3 }, { 'If-Match': '"1"' })).toMatchObject({
      status: 412,
      body: { changedBy: 'user:ann' },
    });
    expect(await use().bo('POST', `${path}/lock`, { reason: 'mine' })).toMatchObject({ status: 403 });
    expect(await use().mallory('POST', `${path}/lock`, { reason: 'mine' })).toMatchObject({ status: 404 });
  });
});
