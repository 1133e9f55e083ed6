import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '#test/env/api.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { fresh } from '#test/env/fresh.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { locatePostgres15, startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import { ended, node, playBatch, running } from '#test/env/use-api.ts';

describeWith(['postgres15'], 'the API on Postgres 15', () => {
  let server: TestPostgres;
  let api: TestApi;
  beforeAll(async () => {
    server = await startPostgres(locatePostgres15);
    api = await startApi(server);
  });
  afterAll(async () => {
    await api.stop();
    await server.stop();
  });

  test('it is that version', async () => {
    const [row] = await api.database<{ version: string }[]>`SELECT current_setting('server_version') AS version`;
    expect(row?.version).toMatch(/^15\./);
  });

  test('a run is accepted, started, followed to its end and listed', async () => {
    api.usePlan(createPlan([createStagePlan('build')]));
    const key = fresh('once');
    const run = await api.client.startRun(api.request(), key);
    expect((await api.client.startRun(api.request(), key)).id).toBe(run.id);
    await expect.poll(() => api.workflows.started.filter(({ runId }) => runId === run.id)).toHaveLength(1);
    const seen: string[] = [];
    const stop = new AbortController();
    const over = api.client.stream([`run:${run.id}`], ({ event }) => seen.push(event), stop.signal);
    await expect.poll(() => seen).toContain('state');
    await playBatch(api, run, 1, { nodes: [node('build', running)], run: running });
    await playBatch(api, run, 2, { nodes: [node('build', ended('passed'))], run: ended('passed') });
    await over;
    expect(seen.slice(-2)).toEqual(['end', 'bye']);
    const { items } = await api.client.listRuns({ status: 'ended' });
    const found = items.find(({ id }) => id === run.id);
    expect(found).toMatchObject({ status: { kind: 'ended', ending: 'passed' } });
  });

  test('lists, health and search answer', async () => {
    for (const path of ['pipelines', 'me/inbox', 'search?q=demo', 'system/health', 'environments', 'webhooks']) {
      expect([path, (await api.fetch(`/api/v1/${path}`)).status]).toEqual([path, 200]);
    }
  });
});
