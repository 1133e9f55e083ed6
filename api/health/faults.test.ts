import { describe, expect, test } from 'vitest';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import { useServer } from '#test/env/use-server.ts';
import { listHealthFacts } from './facts.ts';
import { listFaults } from './faults.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describe('platform faults', () => {
  const use = useServer();

  test('stages that have no place for five minutes are one, with the time since it is known', async () => {
    const { ann, api } = use();
    await ann('POST', '/pipelines?workspace=acme/shop', { name: 'late', text: TEXT });
    const run = (await ann('POST', '/pipelines/late/runs', {})).body as { id: string };
    const queueFact = async () => (await listHealthFacts(api.context)).facts.find(({ id }) => id === 'queue');
    expect(await queueFact()).toMatchObject({ state: 'ok', value: 'empty' });
    const since = new Date(Date.now() - 6 * 60_000).toISOString();
    await playBatch(api, run, 1, { nodes: [node('a', { kind: 'queued', since })] });
    expect(await queueFact()).toMatchObject({ state: 'bad', value: expect.stringMatching(/^1 wait, .* 6m/) });
    const faults = await listFaults(api.context);
    const late = faults.find(({ id }) => id === 'queue');
    expect(late).toMatchObject({ remedy: expect.stringContaining('worker') });
    expect((await listFaults(api.context)).find(({ id }) => id === 'queue')?.since).toBe(late?.since);
    await playBatch(api, run, 2, { nodes: [node('a', ended('passed'))] });
    expect(await queueFact()).toMatchObject({ state: 'ok' });
  });

  test('a stage that a lock holds back is none', async () => {
    const { ann, api } = use();
    const run = (await ann('POST', '/pipelines/late/runs', {})).body as { id: string };
    const reason = {
      code: 'environment-locked',
      message: 'production is locked',
      values: { environment: 'production' },
    };
    const since = new Date(Date.now() - 6 * 60_000).toISOString();
    await playBatch(api, run, 1, { nodes: [node('a', { kind: 'queued', since, reason })] });
    expect((await listHealthFacts(api.context)).facts.find(({ id }) => id === 'queue')).toMatchObject({ state: 'ok' });
  });

  test('who looks after the installation finds them in the inbox, nobody else does', async () => {
    expect((await use().ann('GET', '/me/inbox')).body.faults).toEqual([]);
    expect((await use().api.client.getInbox()).faults).toBeInstanceOf(Array);
  });
});
