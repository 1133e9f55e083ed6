import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { startHarness, type Harness } from '#test/workflow/harness.ts';
import { outlineOf, stage } from '#test/workflow/outlines.ts';
import { cancelRunUpdate, placeGivenSignal, stateQuery } from '../messages.ts';

describeWith(['temporal'], 'the lock of an environment', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.stop();
  });

  const start = () => harness.start(outlineOf([stage('deploy', { environment: 'live' })]));
  const waitUntilHeld = async (workflowId: string) => {
    for (;;) {
      const state: RunState = await harness.client.workflow.getHandle(workflowId).query(stateQuery);
      if (state.nodes[0]?.status.kind === 'queued') return state.nodes[0].status;
    }
  };

  test('holds a stage back with its reason, until it is gone', async () => {
    harness.environments.set('live', { kind: 'locked', by: 'user:ann', reason: 'incident 7' });
    const run = await start();
    const status = await waitUntilHeld(run.workflowId);
    expect(status).toMatchObject({
      reason: { code: 'environment-locked', message: 'the environment "live" is locked by user:ann: incident 7' },
    });
    const handle = harness.client.workflow.getHandle(run.workflowId);
    // Told for nothing it goes on waiting.
    await handle.signal(placeGivenSignal, 'deploy');
    await waitUntilHeld(run.workflowId);
    harness.environments.set('live', { kind: 'open' });
    await handle.signal(placeGivenSignal, 'deploy');
    expect((await run.result())?.ending).toBe('passed');
  });

  test('does not keep a cancel from reaching the stage', async () => {
    harness.environments.set('live', { kind: 'locked', by: 'user:ann', reason: 'incident 7' });
    const run = await start();
    await waitUntilHeld(run.workflowId);
    const args = [{ id: 'cancel', by: 'user:ann', force: false }] as const;
    await harness.client.workflow.getHandle(run.workflowId).executeUpdate(cancelRunUpdate, { args: [...args] });
    expect((await run.result())?.ending).toBe('cancelled');
  });

  test('an environment that is gone by then fails the stage', async () => {
    harness.environments.delete('live');
    const run = await start();
    expect(await run.result()).toMatchObject({
      results: { deploy: { ending: 'failed', reason: { code: 'environment-unknown' } } },
    });
  });
});
