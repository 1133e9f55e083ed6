import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWorkflowId } from '#core/ids.ts';
import type { RunResult } from '#core/run.ts';
import { findRunner, keepRunner, listRunnerLabels } from '#db/queries/runners.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createStagePlan } from '#test/env/plan.ts';
import { type RunStack, startRunStack, type TestTenant } from '#test/env/run-stack.ts';

describeWith(['temporal'], 'machines with labels', () => {
  let stack: RunStack;
  let tenant: TestTenant;
  beforeAll(async () => {
    stack = await startRunStack({ maxStages: 4, relay: true, lease: '2s' });
    tenant = await stack.addTenant('acme');
  });
  afterAll(async () => {
    await stack.stop();
  });

  const reasonOf = async (runId: string) => {
    const [row] = await stack.database<{ status: { reason?: { code: string; message: string } } }[]>`
      SELECT status FROM stages WHERE run_id = ${runId}`;
    return row?.status.reason ?? null;
  };
  const resultOf = (runId: string) =>
    stack.client.workflow.getHandle(runWorkflowId(runId)).result() as Promise<RunResult>;

  test('a stage waits for a label that nobody has, and runs on the machine that comes with it', async () => {
    const runId = await stack.trigger(tenant, [createStagePlan('train', { runsOn: ['gpu', 'linux'] })]);
    await expect
      .poll(() => reasonOf(runId), { timeout: 5_000 })
      .toMatchObject({
        code: 'no-runner',
        message: 'no runner has the label gpu; start one: BUILDIT_LABELS=gpu buildit server --only worker',
      });
    const others = await stack.addHost('plain');
    const host = await stack.addHost('with-gpu', 'gpu');
    expect(await resultOf(runId)).toMatchObject({ ending: 'passed' });
    expect(stack.begins.filter((begin) => begin.runId === runId)).toMatchObject([{ host: 'with-gpu' }]);
    await Promise.all([others.stop(), host.stop()]);
    expect(await listRunnerLabels(stack.database)).not.toContain('gpu');
  });

  test('no label on one machine makes up for another one on another', async () => {
    const hosts = await Promise.all([stack.addHost('a', 'fast'), stack.addHost('b', 'big')]);
    await expect.poll(() => listRunnerLabels(stack.database)).toEqual(expect.arrayContaining(['big', 'fast']));
    const runId = await stack.trigger(tenant, [createStagePlan('both', { runsOn: ['big', 'fast'] })]);
    await expect
      .poll(() => reasonOf(runId), { timeout: 5_000 })
      .toMatchObject({
        message: expect.stringContaining('no runner has all of the labels big, fast'),
      });
    const both = await stack.addHost('c', 'big, fast');
    expect(await resultOf(runId)).toMatchObject({ ending: 'passed' });
    await Promise.all([...hosts, both].map((host) => host.stop()));
  });

  test('of several machines the one that fewest runs hold is taken, and none that has fallen silent', async () => {
    const { database } = stack;
    const keep = (hostId: string, leaseMs: number) =>
      keepRunner(database, { hostId, queue: `queue-${hostId}`, labels: ['rare', 'linux'], leaseMs });
    await Promise.all([keep('busy', 60_000), keep('free', 0), keep('silent', -1)]);
    await database`
      INSERT INTO host_claims (run_id, host_id, queue, lease_ms, renewed_at)
      VALUES (gen_random_uuid(), 'busy', 'queue-busy', 0, now())`;
    expect(await findRunner(database, ['rare'])).toMatchObject({ hostId: 'free' });
    await database`DELETE FROM runners WHERE host_id IN ('busy', 'free')`;
    expect(await findRunner(database, ['rare'])).toBeNull();
  });
});
