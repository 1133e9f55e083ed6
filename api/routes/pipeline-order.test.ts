import { describe, expect, test } from 'vitest';
import type { Ending } from '#core/ending.ts';
import { AT, ended, node, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describe('the list of pipelines', () => {
  const use = useServer();
  const create = async (name: string) =>
    expect(await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT })).toMatchObject({
      status: 201,
    });
  const run = async (name: string, ending: Ending | null, seconds: number, branch = 'main') => {
    const { body } = await use().bo('POST', `/pipelines/${name}/runs`, { branch });
    if (ending === null) return;
    await playBatch(use().api, body, 1, { run: ended(ending), nodes: [node('a', ended(ending))] });
    const endedAt = new Date(Date.parse(AT) + seconds * 1_000).toISOString();
    await use().api.database`UPDATE runs SET started_at = ${AT}, ended_at = ${endedAt} WHERE id = ${body.id}`;
  };
  const list = async (query: string) => {
    const { status, body } = await use().vic('GET', `/pipelines?workspace=acme/shop&total=true${query}`);
    expect(status).toBe(200);
    const names = body.items.map(({ name }: { name: string }) => name);
    expect(body.total).toBe(names.length);
    return names.join(' ');
  };

  test('is sorted by name, last run, median and pass rate, what has none last', async () => {
    for (const name of ['beta', 'Alpha', 'gamma', 'never']) await create(name);
    await run('gamma', 'failed', 30);
    await run('gamma', 'passed', 10, 'next');
    await run('beta', 'passed', 20);
    await run('Alpha', 'failed', 5);
    expect(await list('')).toBe('never gamma Alpha beta');
    expect(await list('&sort=name')).toBe('Alpha beta gamma never');
    expect(await list('&sort=-name')).toBe('never gamma beta Alpha');
    expect(await list('&sort=-last-run')).toBe('Alpha beta gamma never');
    expect(await list('&sort=median')).toBe('Alpha gamma beta never');
    expect(await list('&sort=-median')).toBe('beta gamma Alpha never');
    expect(await list('&sort=pass-rate')).toBe('Alpha gamma beta never');
    expect(await list('&sort=name&first=never&first=gamma')).toBe('gamma never Alpha beta');
  });

  test('goes on page by page in its order, and back', async () => {
    const path = '/pipelines?workspace=acme/shop&sort=median&limit=2';
    const name = ({ body }: { body: { items: { name: string }[] } }) => body.items.map((item) => item.name).join(' ');
    const first = await use().vic('GET', path);
    const second = await use().vic('GET', `${path}&cursor=${first.body.next}`);
    expect([name(first), name(second), second.body.next]).toEqual(['Alpha gamma', 'beta never', null]);
    expect(name(await use().vic('GET', `${path}&cursor=${second.body.prev}`))).toBe('Alpha gamma');
    expect(
      await use().vic('GET', `${path}&cursor=${first.body.next}&sort=name`.replace('sort=median&', '')),
    ).toMatchObject({
      status: 400,
      body: { code: 'cursor-foreign' },
    });
  });

  test('goes on behind a pipeline that was deleted; a sorted list says that it has to be begun again', async () => {
    for (const name of ['newer', 'newest']) await create(name);
    const path = '/pipelines?workspace=acme/shop&limit=1';
    const plain = await use().vic('GET', path);
    const sorted = await use().vic('GET', `${path}&sort=-name`);
    const narrowed = await use().vic('GET', `${path}&sort=-name&enabled=true`);
    const pinned = await use().vic('GET', `${path}&first=newest`);
    const gone = { status: 400, body: { code: 'cursor-invalid' } };
    await use().ann('PATCH', '/pipelines/newest', { enabled: false }, { 'If-Match': '*' });
    expect(await use().vic('GET', `${path}&sort=-name&enabled=true&cursor=${narrowed.body.next}`)).toMatchObject(gone);
    await use().ann('DELETE', '/pipelines/newest', undefined, { 'If-Match': '*' });
    expect(plain.body.items).toMatchObject([{ name: 'newest' }]);
    expect((await use().vic('GET', `${path}&cursor=${plain.body.next}`)).body.items).toMatchObject([{ name: 'newer' }]);
    expect(sorted.body.items).toMatchObject([{ name: 'newest' }]);
    expect(await use().vic('GET', `${path}&sort=-name&cursor=${sorted.body.next}`)).toMatchObject(gone);
    expect(await use().vic('GET', `${path}&first=newest&cursor=${pinned.body.next}`)).toMatchObject(gone);
    await use().ann('DELETE', '/pipelines/newer', undefined, { 'If-Match': '*' });
  });

  test('says which texts no longer compile', async () => {
    await create('broken');
    const { database } = use().api;
    await database`
      UPDATE pipeline_versions SET text = 'stage "a" needs="b" { run "true" }', digest = 'of another server'
      WHERE pipeline_id = (SELECT id FROM pipelines WHERE name = 'broken')`;
    const { body } = await use().vic('GET', '/pipelines?workspace=acme/shop');
    const invalid = body.items.filter((item: object) => 'invalid' in item);
    expect(invalid).toMatchObject([{ name: 'broken', version: 1, invalid: { errors: 2 } }]);
    await use().ann('PUT', '/pipelines/broken/text', { text: TEXT }, { 'If-Match': '*' });
    const mended = await use().vic('GET', '/pipelines?workspace=acme/shop&name=broken');
    expect(mended.body.items[0]).not.toHaveProperty('invalid');
    const [{ id }] = mended.body.items;
    const some = '/pipelines?workspace=acme/shop&name=broken';
    expect(await use().vic('GET', `${some}&fields=invalid`)).toMatchObject({ status: 200, body: { items: [{ id }] } });
    const unknown = { status: 400, body: { code: 'field-unknown' } };
    expect(await use().vic('GET', `${some}&fields=valid`)).toMatchObject(unknown);
    await use().ann('DELETE', '/pipelines/broken', undefined, { 'If-Match': '*' });
  });

  test('is narrowed by the last run and by what needs attention', async () => {
    expect(await list('&sort=name&state=passed')).toBe('beta gamma');
    expect(await list('&sort=name&state=ended')).toBe('Alpha beta gamma');
    expect(await list('&sort=name&notState=passed')).toBe('Alpha never');
    expect(await list('&sort=name&branch=main')).toBe('Alpha beta');
    expect(await list('&sort=name&notBranch=main')).toBe('gamma never');
    await run('Alpha', null, 0);
    expect(await list('&sort=name&state=queued')).toBe('Alpha');
    expect(await list('&attention=true')).toBe('Alpha');
    expect(await list('&attention=true&branch=next')).toBe('');
  });
});
