import { beforeAll, describe, expect, test } from 'vitest';
import { askAs, type Ask } from '#test/env/ask.ts';
import { addPerson } from '#test/env/people.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT = 'pipeline "works"\nstage "work" { image "busybox:1.37"; run "true" }\n';

describe('maintenance', () => {
  const use = useServer();
  let op: Ask;
  beforeAll(async () => {
    const { api, port, ann } = use();
    op = askAs(port, await addPerson(api.database, 'op', { isOperator: true }));
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'works', text: TEXT });
  });
  const trigger = () => use().bo('POST', '/pipelines/works/runs?workspace=acme/shop', {});
  const path = '/system/maintenance';

  test('while it is on no run starts and none is run again; the answer says when to ask again', async () => {
    const { bo, api } = use();
    const before = await trigger();
    expect(before).toMatchObject({ status: 201 });
    expect(await op('GET', path)).toMatchObject({ status: 200, body: { on: false, since: null } });
    expect(await op('PUT', path, { on: true, reason: 'a new disk' })).toMatchObject({
      body: { on: true, by: 'user:op', reason: 'a new disk', since: expect.any(String) },
    });
    const refused = await trigger();
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'maintenance', detail: expect.stringContaining('a new disk'), retry: { afterMs: 60_000 } },
    });
    expect(refused.headers.get('retry-after')).toBe('60');
    await api.database`UPDATE runs SET status_kind = 'ended', status = '{"kind":"ended","ending":"failed"}'
      WHERE id = ${before.body.id}`;
    const again = await bo('POST', `/runs/${before.body.id}/rerun`, { kind: 'all' });
    expect(again).toMatchObject({ status: 503, body: { code: 'maintenance' } });
    const health = await op('GET', '/system/health');
    expect(health.body.facts).toContainEqual(
      expect.objectContaining({ id: 'maintenance', state: 'warn', value: expect.stringContaining('a new disk') }),
    );
    const since = (await op('GET', path)).body.since;
    expect((await op('PUT', path, { on: true })).body).toMatchObject({ since, reason: null });
    expect(await op('PUT', path, { on: false })).toMatchObject({ body: { on: false, since: null, by: null } });
    expect(await trigger()).toMatchObject({ status: 201 });
  });

  test('it is for operators alone, and every organization reads in its audit who did it', async () => {
    const { ann, mallory } = use();
    expect(await ann('PUT', path, { on: true })).toMatchObject({ status: 403 });
    expect(await ann('GET', path)).toMatchObject({ status: 403 });
    await op('PUT', path, { on: true, reason: 'twice' });
    await op('PUT', path, { on: false });
    for (const [ask, organization] of [
      [ann, 'acme'],
      [mallory, 'other'],
    ] as const) {
      const { body } = await ask('GET', `/audit?organization=${organization}&object=maintenance&limit=2`);
      expect(body.items).toMatchObject([
        { action: 'maintenance.end', actor: 'user:op', detail: { before: { on: true, reason: 'twice' } } },
        { action: 'maintenance.begin', detail: { after: { on: true, reason: 'twice' } } },
      ]);
    }
  });

  test('it wants a sign-in of the last minutes', async () => {
    await use().api.database`UPDATE cli_sessions SET authenticated_at = now() - interval '11 minutes'`;
    const refused = await op('PUT', path, { on: true });
    await use().api.database`UPDATE cli_sessions SET authenticated_at = now()`;
    expect(refused).toMatchObject({ status: 403, body: { code: 'sign-in-too-old' } });
    expect((await op('GET', path)).body.on).toBe(false);
  });
});
