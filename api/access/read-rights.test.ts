import { describe, expect, test } from 'vitest';
import { askAs, type Ask } from '#test/env/ask.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'stage "build" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describe('who is in a workspace without the right to see it', () => {
  const use = useServer();
  const tokenWith = async (name: string, scopes: string[]): Promise<Ask> => {
    const { body } = await use().ann('POST', '/tokens?workspace=acme/shop', { name, scopes, expiresInDays: 1 });
    return askAs(use().port, { bearer: body.token });
  };

  test('lists, finds, compares and streams nothing of it', async () => {
    const { ann } = use();
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'hidden', text: TEXT });
    await ann('POST', '/environments?workspace=acme/shop', { name: 'hidden-place' });
    const { body: run } = await ann('POST', '/pipelines/hidden/runs', {});
    const seeing = await tokenWith('seeing', ['run:read']);
    const blind = await tokenWith('blind', ['token:write', 'run:trigger', 'gate:decide']);

    for (const path of ['/runs', '/pipelines', '/environments', '/search?q=hidden']) {
      expect([path, (await seeing('GET', path)).body.items.length]).not.toEqual([path, 0]);
      expect([path, (await blind('GET', path)).body]).toMatchObject([path, { items: [] }]);
      const named = `${path}${path.includes('?') ? '&' : '?'}workspace=acme/shop`;
      if (!path.startsWith('/search')) expect((await blind('GET', named)).body).toMatchObject({ items: [] });
    }
    expect((await blind('GET', '/me/inbox')).body).toMatchObject({ waiting: [], broken: [], mine: [] });
    expect(await blind('GET', `/runs/compare?base=${run.id}&head=${run.id}`)).toMatchObject({ status: 404 });
    for (const topic of [`run:${run.id}`, `log:${run.id}/build/1`]) {
      expect([topic, (await blind('GET', `/stream?topic=${topic}`)).status]).toEqual([topic, 404]);
    }
    for (const topic of ['runs:acme/shop', 'pipelines:acme/shop']) {
      const { status, body } = await blind('GET', `/stream?topic=${topic}`);
      expect([topic, status, body.code]).toEqual([topic, 403, 'not-allowed']);
    }
  });

  test('still does what it may', async () => {
    const starting = await tokenWith('starting', ['run:trigger']);
    await use().ann('POST', '/pipelines?workspace=acme/shop', { name: 'started', text: TEXT });
    expect(await starting('POST', '/pipelines/started/runs', {})).toMatchObject({ status: 201 });
    const managing = await tokenWith('managing', ['token:write']);
    const names = (await managing('GET', '/tokens')).body.items.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['managing', 'starting']));
  });
});
