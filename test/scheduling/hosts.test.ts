import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWorkflowId } from '#core/ids.ts';
import type { RunResult } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { createStagePlan } from '#test/env/plan.ts';
import { startRunStack, type RunStack, type TestTenant } from '#test/env/run-stack.ts';

describeWith(['temporal'], 'hosts with a lease', () => {
  let stack: RunStack;
  let tenant: TestTenant;
  beforeAll(async () => {
    stack = await startRunStack({ maxStages: 1, relay: true, lease: '1s' });
    tenant = await stack.addTenant('acme');
  });
  afterAll(async () => {
    await stack.stop();
  });

  const resultOf = async (runId: string): Promise<RunResult> => {
    const find = () => stack.client.workflow.getHandle(runWorkflowId(runId)).describe();
    await expect
      .poll(
        () =>
          find().then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    return stack.client.workflow.getHandle(runWorkflowId(runId)).result() as Promise<RunResult>;
  };

  test('a stage for which its host has no room for longer than a lease waits, and is not lost', async () => {
    const [long, next] = [{ FAKE_MS: '4000' }, {}];
    const stages = [createStagePlan('long', { env: long }), createStagePlan('next', { env: next })];
    const { ending } = await resultOf(await stack.trigger(tenant, stages));
    expect(ending).toBe('passed');
    const rows = await stack.database`SELECT lost FROM host_claims`;
    expect(rows).toEqual([{ lost: false }]);
  });

  test('the stage of a host that is gone is errored, and by a retry rule begins elsewhere', async () => {
    const gone = await stack.addHost('gone');
    const rule = { on: 'infra', limit: 1, exit: [], logMatch: null, backoffMs: 1, factor: 1, maxMs: null } as const;
    const env = { FAKE_MS: '20000' };
    // Until one of them has been claimed by the host that is to go.
    let lost: string | undefined;
    while (lost === undefined) {
      const runId = await stack.trigger(tenant, [createStagePlan('build', { env, retry: [{ ...rule, exit: [] }] })]);
      await expect.poll(() => stack.begins.some((begin) => begin.runId === runId), { timeout: 20_000 }).toBe(true);
      if (stack.begins.some((begin) => begin.runId === runId && begin.host === 'gone')) lost = runId;
      else
        await stack.client.workflow.getHandle(runWorkflowId(runId)).executeUpdate('cancelRun', {
          args: [{ id: 'c', by: 'user:ann', force: true }],
        });
    }
    await gone.stop();
    const runId = lost;
    await expect
      .poll(() => stack.begins.some((begin) => begin.runId === runId && begin.host === 'first'), { timeout: 40_000 })
      .toBe(true);
    const readFirst = async () => {
      const [row] = await stack.database`
        SELECT status ->> 'ending' AS ending, status -> 'reason' ->> 'code' AS code FROM attempts
        WHERE run_id = ${runId} AND attempt = 1`;
      return row;
    };
    await expect.poll(readFirst, { timeout: 10_000 }).toEqual({ ending: 'errored', code: 'host-lost' });
    expect(await stack.database`SELECT host_id FROM host_claims WHERE run_id = ${runId} AND lost`).toEqual([
      { hostId: 'gone' },
    ]);
    await stack.client.workflow
      .getHandle(runWorkflowId(runId))
      .executeUpdate('cancelRun', { args: [{ id: 'c', by: 'user:ann', force: true }] });
  }, 90_000);
});
