import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAttemptRecords } from '#activities/record/attempt-records.ts';
import type { StreamEvent } from '#core/rest.ts';
import { startApi, type TestApi } from '#test/env/api.ts';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { startPostgres, type TestPostgres } from '#test/env/postgres.ts';
import { AT, ended, playBatch, refusalOf } from '#test/env/use-api.ts';

describe('while Postgres is killed and comes back', () => {
  let server: TestPostgres;
  let api: TestApi;
  beforeAll(async () => {
    server = await startPostgres();
    api = await startApi(server);
  });
  afterAll(async () => {
    await api.stop();
    await server.stop();
  });

  test('an open stream goes on, a record is written late, a request is 503 and then served', async () => {
    api.usePlan(createPlan([createStagePlan('build')]));
    const run = await api.client.startRun(api.request());
    const events: StreamEvent[] = [];
    const over = api.client.stream([`run:${run.id}`], (event) => events.push(event), new AbortController().signal);
    await expect.poll(() => events.length).toBeGreaterThan(1);

    const start = await server.kill();
    expect(await refusalOf(api.client.getRun(run.id))).toMatchObject({
      status: 503,
      code: 'database-unreachable',
      retry: { afterMs: expect.any(Number) },
    });
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 1 };
    const recorded = createAttemptRecords(api.database).attemptStarted(key, { startedAt: AT, hostId: 'h' });
    await start();
    await recorded;
    await expect
      .poll(() => api.client.listStages(run.id).catch(() => []))
      .toMatchObject([{ status: { kind: 'running' } }]);

    // Told by the stream before the run ends: of what follows at once only the newest state is.
    const isRunning = (event: StreamEvent) =>
      event.event === 'state' && event.kind === 'stage' && event.object.status.kind === 'running';
    await expect.poll(() => events.some(isRunning), { timeout: 15_000 }).toBe(true);

    await playBatch(api, run, 2, { run: ended('passed') });
    await over;
    expect(events.at(-2)).toMatchObject({ event: 'end', object: { status: { ending: 'passed' } } });
  });
});
