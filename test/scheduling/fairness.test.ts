import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWorkflowId } from '#core/ids.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createStagePlan } from '#test/env/plan.ts';
import { startRunStack, type RunStack, type TestTenant } from '#test/env/run-stack.ts';

const stage = (ms: number) => [createStagePlan('build', { env: { FAKE_MS: String(ms) } })];

describeWith(['temporal'], 'workspaces that share a worker', () => {
  let stack: RunStack;
  beforeAll(async () => {
    stack = await startRunStack({ maxStages: 1, relay: true });
  });
  afterAll(async () => {
    await stack.stop();
  });

  const handleOf = (runId: string) => stack.client.workflow.getHandle(runWorkflowId(runId));
  const isStageScheduled = async (runId: string): Promise<boolean> => {
    const { raw } = await handleOf(runId).describe();
    return (raw.pendingActivities ?? []).some((activity) => activity.activityType?.name === 'runStage');
  };
  /** Fills the queue of the host behind a stage that runs for as long as that takes, and answers who began in which order. */
  const playBacklog = async (loads: { tenant: TestTenant; runs: number; priority?: number }[]): Promise<string[]> => {
    const before = stack.begins.length;
    const first = loads[0]?.tenant;
    if (!first) throw new Error('nothing to play');
    const blocker = await stack.trigger(first, [createStagePlan('block', { env: { FAKE_HANG: '1' } })], 1);
    await expect.poll(() => stack.begins.length, { timeout: 10_000 }).toBe(before + 1);
    const owners = new Map<string, string>();
    for (const { tenant, runs, priority } of loads) {
      for (let count = 0; count < runs; count++) {
        owners.set(await stack.trigger(tenant, stage(1), priority), `${tenant.name} ${priority ?? 3}`);
      }
    }
    for (const runId of owners.keys()) {
      await expect.poll(() => isStageScheduled(runId).catch(() => false), { timeout: 10_000 }).toBe(true);
    }
    await handleOf(blocker).executeUpdate('cancelRun', { args: [{ id: 'c', by: 'user:ann', force: true }] });
    for (const runId of owners.keys()) await handleOf(runId).result();
    return stack.begins.slice(before + 1).map(({ runId }) => owners.get(runId) ?? '');
  };

  test('one run does not wait for the many that another workspace has queued before it', async () => {
    const [many, one] = [await stack.addTenant('many'), await stack.addTenant('one')];
    const order = await playBacklog([
      { tenant: many, runs: 20 },
      { tenant: one, runs: 1 },
    ]);
    expect(order.indexOf('one/one 3')).toBeLessThan(4);
  });

  // Behind a whole backlog of both, three of four are the heavy one's, within a tenth.
  test('starts are shared by weight', async () => {
    const [light, heavy] = [await stack.addTenant('light', 1), await stack.addTenant('heavy', 3)];
    const order = await playBacklog([
      { tenant: light, runs: 20 },
      { tenant: heavy, runs: 20 },
    ]);
    const share = order.slice(0, 20).filter((owner) => owner === 'heavy/heavy 3').length / 20;
    expect(share).toBeGreaterThan(0.65);
    expect(share).toBeLessThan(0.85);
  });

  test('what is more urgent begins first, whoever asked before', async () => {
    const tenant = await stack.addTenant('urgent');
    const order = await playBacklog([
      { tenant, runs: 10, priority: 5 },
      { tenant, runs: 5, priority: 1 },
    ]);
    expect(order.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'urgent/urgent 1'));
  });
});
