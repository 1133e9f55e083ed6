import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PLACE_GIVEN } from '#core/queues.ts';
import type { RunState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { type Harness, startHarness } from '#test/workflow/harness.ts';
import { needs, outlineOf, stage } from '#test/workflow/outlines.ts';
import { cancelRunUpdate, stateQuery } from '../messages.ts';

describeWith(['temporal'], 'a stage with labels', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  const statusOf = async (workflowId: string, name: string) => {
    const state: RunState = await harness.client.workflow.getHandle(workflowId).query(stateQuery);
    return state.nodes.find((node) => node.name === name)?.status;
  };

  test('goes to a machine that has them', async () => {
    harness.runners.add('arm64');
    const run = await harness.start(
      outlineOf([stage('build', { runsOn: ['arm64'] }), stage('any', { needs: needs('build') })]),
    );
    expect(await run.result()).toMatchObject({ ending: 'passed' });
  });

  test('waits with the reason while nobody has one of them, and goes on when such a machine comes', async () => {
    const run = await harness.start(outlineOf([stage('train', { runsOn: ['gpu'] }), stage('other')]));
    await vi.waitUntil(async () => (await statusOf(run.workflowId, 'train'))?.kind === 'queued');
    expect(await statusOf(run.workflowId, 'train')).toMatchObject({
      reason: {
        code: 'no-runner',
        message: 'no runner has the label gpu; start one: BUILDIT_LABELS=gpu buildit server --only worker',
      },
    });
    harness.runners.add('gpu');
    await harness.client.workflow.getHandle(run.workflowId).signal(PLACE_GIVEN, 'train');
    expect(await run.result()).toMatchObject({ ending: 'passed' });
  });

  test('can be cancelled while it waits; nothing was begun', async () => {
    const run = await harness.start(outlineOf([stage('never', { runsOn: ['quantum'] })]));
    await vi.waitUntil(async () => (await statusOf(run.workflowId, 'never'))?.kind === 'queued');
    const request = { id: 'cancel', by: 'user:local', force: false };
    await harness.client.workflow.getHandle(run.workflowId).executeUpdate(cancelRunUpdate, { args: [request] });
    expect(await run.result()).toMatchObject({ ending: 'cancelled' });
    expect(harness.ledger.map((task) => task.stage)).not.toContain('never');
  });
});
