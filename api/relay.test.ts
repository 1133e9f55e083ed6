import { describe, expect, test } from 'vitest';
import { createPlan, createStagePlan } from '#test/env/plan.ts';
import { useApi } from '#test/env/use-api.ts';
import { startRelay } from './relay.ts';

describe('relay', () => {
  const use = useApi();
  const countOutbox = async () => {
    const [row] = await use().database<{ count: number }[]>`SELECT count(*)::int AS count FROM outbox`;
    return row?.count;
  };

  test('a run accepted while Temporal is away is started when it is back', async () => {
    const api = use();
    api.workflows.isReachable = false;
    api.usePlan(createPlan([createStagePlan('build')]));
    const run = await api.client.startRun(api.request());
    await expect
      .poll(async () => (await api.client.getHealth())['database'])
      .toMatchObject({
        outbox: 1,
        outboxError: expect.stringContaining('temporal-unreachable'),
      });
    api.workflows.isReachable = true;
    await expect.poll(() => api.workflows.started.map((input) => input.runId)).toContain(run.id);
    await expect.poll(countOutbox).toBe(0);
  });

  test('a run that Temporal refuses for good ends errored and says why', async () => {
    const api = use();
    api.usePlan(createPlan([createStagePlan('build')]));
    api.workflows.refusesStarts = true;
    const run = await api.client.startRun(api.request());
    await expect
      .poll(async () => (await api.client.getRun(run.id)).status)
      .toMatchObject({ kind: 'ended', ending: 'errored', reason: { code: 'workflow-refused' } });
    expect(await api.client.listStages(run.id)).toMatchObject([{ status: { kind: 'ended', ending: 'not-run' } }]);
    await expect.poll(countOutbox).toBe(0);
    api.workflows.refusesStarts = false;
  });

  test('several relays start each run once', async () => {
    const api = use();
    const { database, workflows, context } = { ...api };
    const others = [1, 2].map(() => startRelay({ database, workflows, hub: context.hub, ahead: 10_000 }));
    const before = workflows.started.length;
    await Promise.all(Array.from({ length: 20 }, () => api.client.startRun(api.request())));
    await expect.poll(countOutbox).toBe(0);
    expect(workflows.started).toHaveLength(before + 20);
    await Promise.all(others.map((relay) => relay.stop()));
  });

  test('of a workspace that floods only a few are started before they begin, and none is forgotten', async () => {
    const api = use();
    const { database, workflows, context } = { ...api };
    await api.relay.stop();
    await database`UPDATE runs SET status_kind = 'running' WHERE status_kind = 'queued'`;
    const before = workflows.started.length;
    for (let count = 0; count < 10; count++) await api.client.startRun(api.request());
    const relay = startRelay({ database, workflows, hub: context.hub, ahead: 3 });
    await expect.poll(() => workflows.started.length - before).toBe(3);
    await expect.poll(countOutbox).toBe(7);
    for (const wanted of [6, 9, 10]) {
      const begun = workflows.started.slice(before).map((input) => input.runId);
      await database`UPDATE runs SET status_kind = 'running' WHERE id IN ${database(begun)}`;
      await expect.poll(() => workflows.started.length - before).toBe(wanted);
    }
    await expect.poll(countOutbox).toBe(0);
    await relay.stop();
  });
});
