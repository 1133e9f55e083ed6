import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type TestApi } from '#test/env/api.ts';
import { type TestDatabases } from '#test/env/databases.ts';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import { problemOf } from '../client/problem.ts';

describe('acceptance of a run', () => {
  let server: TestDatabases;
  let api: TestApi;
  beforeAll(async () => {
    server = await joinPostgres();
    api = await startApi(server);
  });
  afterAll(async () => {
    await api.stop();
    await server.stop();
  });

  test('an accepted run has its nodes, and its workflow is started', async () => {
    api.usePlan(createPlan([createStagePlan('build'), createGatePlan('ship', { needs: needs('build') })]));
    const run = await api.client.startRun(api.request());
    expect(run).toMatchObject({ label: 'local/1', number: 1, attempt: 1, status: { kind: 'queued' } });
    const stages = await api.client.listStages(run.id);
    expect(stages.map((stage) => [stage.name, stage.kind, stage.status.kind])).toEqual([
      ['build', 'stage', 'waiting'],
      ['ship', 'gate', 'waiting'],
    ]);
    await expect.poll(() => api.workflows.started.map((input) => input.runId)).toContain(run.id);
  });

  test('what is not in the snapshot of its source is said with it', async () => {
    api.usePlan(createPlan([createStagePlan('build')], { notices: ['of the plan'] }));
    const { notices } = await api.client.startRun(api.request({ inPlace: false }));
    expect(notices).toEqual(['of the plan', 'api.sock is a socket, pipe or device and is not part of the source']);
  });

  test('a repeated request with the same key is answered by the same run', async () => {
    api.usePlan(createPlan([createStagePlan('build')]));
    const first = await api.client.startRun(api.request(), 'key-1');
    const again = await api.client.startRun(api.request(), 'key-1');
    expect(again.id).toBe(first.id);
    const thrown = await api.client.startRun(api.request({ maxParallel: 3 }), 'key-1').catch((error: unknown) => error);
    expect(problemOf(thrown)).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  test('a missing secret is refused by its name and leaves no run', async () => {
    api.usePlan(createPlan([createStagePlan('build')], { secrets: ['NPM_TOKEN', 'OTHER'] }));
    const thrown = await api.client.startRun(api.request({ secrets: { OTHER: 'x' } })).catch((error: unknown) => error);
    expect(problemOf(thrown)).toMatchObject({
      status: 422,
      code: 'secret-missing',
      detail: expect.stringContaining('NPM_TOKEN'),
    });
  });
});
