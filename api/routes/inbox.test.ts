import { describe, expect, test } from 'vitest';
import type { GateState } from '#core/run.ts';
import { AT, ended, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';

const TEXT =
  'gate "ship" {\n  approve from="user:bo"\n}\nstage "build" needs="ship" {\n  image "busybox:1.37"\n  run "true"\n}\n';
const open: GateState = {
  name: 'ship',
  status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
  ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from: 'user:bo', min: 1 }] },
};

describe('inbox and search', () => {
  const use = useServer();
  const start = async (name: string) => {
    await use().ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    return (await use().ann('POST', `/pipelines/${name}/runs`, {})).body as { id: string; label: string };
  };
  const labels = (rows: { label: string }[]) => rows.map((row) => row.label);

  test('a gate is in the inbox of who may decide it, while it asks', async () => {
    const run = await start('asking');
    await playBatch(use().api, run, 1, { gates: [open] });
    expect((await use().bo('GET', '/me/inbox')).body.waiting).toMatchObject([
      { gate: { name: 'ship' }, run: { label: run.label, workspace: 'acme/shop' } },
    ]);
    for (const ask of [use().ann, use().vic, use().mallory])
      expect((await ask('GET', '/me/inbox')).body.waiting).toEqual([]);
    await playBatch(use().api, run, 2, { gates: [{ ...open, status: ended('passed') }] });
    expect((await use().bo('GET', '/me/inbox')).body.waiting).toEqual([]);
  });

  test('a pipeline is broken while its last ended run is, for those alone who see it', async () => {
    const run = await start('breaking');
    await playBatch(use().api, run, 1, { run: ended('failed') });
    expect(labels((await use().vic('GET', '/me/inbox')).body.broken)).toEqual([run.label]);
    expect((await use().mallory('GET', '/me/inbox')).body.broken).toEqual([]);
    const next = (await use().ann('POST', '/pipelines/breaking/runs', {})).body;
    expect(labels((await use().vic('GET', '/me/inbox')).body.broken)).toEqual([run.label]);
    await playBatch(use().api, next, 1, { run: ended('passed') });
    expect((await use().vic('GET', '/me/inbox')).body.broken).toEqual([]);
  });

  test('a broken pipeline tells the run with which it began, and its commit', async () => {
    const first = await start('since');
    await playBatch(use().api, first, 1, { run: ended('passed') });
    const runs: { id: string; label: string; url: string }[] = [];
    for (const ending of ['failed', 'cancelled', 'timed-out'] as const) {
      const run = (await use().ann('POST', '/pipelines/since/runs', { commit: `c0ffee${runs.length}` })).body;
      await playBatch(use().api, run, 1, { run: ended(ending) });
      runs.push(run);
    }
    const { broken } = (await use().vic('GET', '/me/inbox')).body;
    expect(broken.find((row: { label: string }) => row.label === runs[2]?.label)).toMatchObject({
      first: { label: runs[0]?.label, commit: 'c0ffee0', url: runs[0]?.url },
    });
  });

  test('who has nothing to do sees the last decisions of all', async () => {
    const run = await start('decided');
    const actor = { id: 'user:bo', teams: [], verified: true };
    const decision = {
      ...{ id: 'd-1', verdict: 'approve' as const, actor, comment: null, fields: {}, planDigest: 'x', at: AT },
    };
    await playBatch(use().api, run, 1, { gates: [{ ...open, status: ended('passed'), decisions: [decision] }] });
    for (const { id } of (await use().vic('GET', '/me/inbox')).body.broken) {
      await use().api.database`UPDATE runs SET ending = 'passed' WHERE id = ${id}`;
    }
    expect((await use().vic('GET', '/me/inbox')).body.decided).toMatchObject([
      { gate: 'ship', verdict: 'approve', by: 'user:bo', at: AT, label: run.label, workspace: 'acme/shop' },
    ]);
    expect((await use().mallory('GET', '/me/inbox')).body.decided).toEqual([]);
  });

  test('a secret that is due for another value is told to who may write it', async () => {
    const { ann, vic, api } = use();
    for (const [name, days] of [
      ['DUE_SOON', 10],
      ['DUE_LATER', 90],
    ] as const) {
      expect((await ann('POST', '/secrets?workspace=acme/shop', { name, value: 'a-long-value' })).status).toBe(201);
      await api.database`UPDATE secrets SET rotate_days = ${days} WHERE name = ${name}`;
    }
    expect((await ann('GET', '/me/inbox')).body.soon).toMatchObject([
      { kind: 'secret', name: 'DUE_SOON', organization: 'acme', workspace: 'acme/shop' },
    ]);
    await api.database`UPDATE secrets SET workspace_id = NULL WHERE name = 'DUE_SOON'`;
    expect((await ann('GET', '/me/inbox')).body.soon).toMatchObject([
      { kind: 'secret', name: 'DUE_SOON', organization: 'acme', workspace: null },
    ]);
    expect((await vic('GET', '/me/inbox')).body.soon).toEqual([]);
  });

  test('my runs are those I started', async () => {
    const run = await start('mine');
    expect(labels((await use().ann('GET', '/me/inbox')).body.mine)).toContain(run.label);
    expect(labels((await use().bo('GET', '/me/inbox')).body.mine)).not.toContain(run.label);
  });

  test('search finds by part of a name and by number, of what one may see alone', async () => {
    await start('needle-api');
    await use().ann('POST', '/environments?workspace=acme/shop', { name: 'needle-prod' });
    const find = async (ask: ReturnType<typeof use>['ann'], q: string) =>
      (await ask('GET', `/search?q=${encodeURIComponent(q)}`)).body.items.map(
        (hit: { kind: string; name: string }) => `${hit.kind} ${hit.name}`,
      );
    expect(await find(use().vic, 'EEDLE')).toEqual(['pipeline needle-api', 'environment needle-prod']);
    expect(await find(use().vic, 'needle#1')).toEqual(['run needle-api#1']);
    expect(await find(use().vic, '#1')).toContain('run needle-api#1');
    expect(await find(use().mallory, 'needle')).toEqual([]);
    expect(await find(use().mallory, '1')).toEqual([]);
    expect(await find(use().vic, '100%_')).toEqual([]);
  });

  test('people and teams are found by who may see the organization alone', async () => {
    expect((await use().ann('POST', '/teams?organization=acme', { name: 'annals' })).status).toBe(201);
    const find = async (ask: ReturnType<typeof use>['ann']) =>
      (await ask('GET', `/search?q=${encodeURIComponent('@ANN')}`)).body.items.map(
        (hit: { kind: string; name: string; url: string }) => `${hit.kind} ${hit.name} ${hit.url}`,
      );
    expect(await find(use().ann)).toEqual([
      'person ann /acme/settings/members?name=ann',
      'team annals /acme/settings/teams?name=annals',
    ]);
    expect(await find(use().vic)).toHaveLength(2);
    expect(await find(use().mallory)).toEqual([]);
    // Where they lead to each is read by its name, however many there are.
    expect(await use().vic('GET', '/members/acme%2Fann')).toMatchObject({
      status: 200,
      body: { user: { name: 'ann' } },
    });
    expect(await use().vic('GET', '/teams/acme%2Fannals')).toMatchObject({ status: 200, body: { name: 'annals' } });
    expect(await use().mallory('GET', '/members/acme%2Fann')).toMatchObject({ status: 404 });
  });

  test('a refusal tells programs which right is lacking', async () => {
    const { body } = await use().vic('POST', '/pipelines?workspace=acme/shop', { name: 'no', text: TEXT });
    expect(body).toMatchObject({
      status: 403,
      errors: [{ pointer: '/right', code: 'right-missing', message: 'pipeline:write' }],
    });
  });
});
