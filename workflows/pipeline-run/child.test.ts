import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWorkflowId } from '#core/ids.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { hang, startHarness, type Harness } from '#test/workflow/harness.ts';
import { needs, outlineOf, runInput, stage } from '#test/workflow/outlines.ts';
import { cancelRunUpdate, stateQuery } from '../messages.ts';

describeWith(['temporal'], 'a stage that runs another pipeline', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.stop();
  });

  const child = (params: Record<string, string | { parts: (string | { ref: string })[] }> = {}) => ({
    name: 'other',
    params,
  });
  const asked: unknown[] = [];
  const answer = (inner: string) =>
    harness.children.set('other', (request) => {
      asked.push(request);
      const run = { label: 'other#7', number: 7, attempt: 1, url: '', trigger: 'pipeline' };
      return { kind: 'started', input: runInput(randomUUID(), outlineOf([stage(inner)]), { run }) };
    });

  test('ends as its run does, and says which run that is', async () => {
    answer('inner');
    harness.behave('build', () => ({ outputs: { tag: 'v1' } }));
    const given = child({ tag: { parts: ['tag ', { ref: 'stages.build.outputs.tag' }] } });
    const deploy = stage('deploy', { needs: needs('build'), child: given, inputs: ['stages.build.outputs.tag'] });
    const run = await harness.start(outlineOf([stage('build'), deploy]));
    expect(await run.result()).toMatchObject({
      ending: 'passed',
      results: { deploy: { ending: 'passed', reason: { code: 'child-run', message: 'run other#7: passed' } } },
    });
    expect(asked.at(-1)).toMatchObject({ runId: run.runId, stage: 'deploy', params: { tag: 'tag v1' } });
  });

  test('fails with its run, unless that is allowed', async () => {
    answer('broken');
    harness.behave('broken', () => ({ ending: 'failed', exitCode: 1 }));
    const strict = await harness.start(outlineOf([stage('deploy', { child: child() })]));
    expect((await strict.result())?.ending).toBe('failed');
    const lax = await harness.start(outlineOf([stage('deploy', { child: child(), allowFailure: 'any' })]));
    expect(await lax.result()).toMatchObject({ ending: 'soft-failed', results: { deploy: { ending: 'soft-failed' } } });
  });

  test('is failed with the reason when there is nothing to run', async () => {
    harness.children.delete('other');
    const run = await harness.start(outlineOf([stage('deploy', { child: child() })]));
    expect(await run.result()).toMatchObject({
      results: { deploy: { ending: 'failed', reason: { code: 'child-unknown' } } },
    });
  });

  test('takes its run with it when it is cancelled, which ends in its own way', async () => {
    answer('hangs');
    harness.behave('hangs', hang);
    const run = await harness.start(outlineOf([stage('deploy', { child: child() })]));
    const isAtWork = () => harness.ledger.some((task) => task.stage === 'hangs');
    const handle = harness.client.workflow.getHandle(run.workflowId);
    while (!isAtWork()) await handle.query(stateQuery);
    await handle.executeUpdate(cancelRunUpdate, { args: [{ id: 'cancel', by: 'user:ann', force: false }] });
    expect(await run.result()).toMatchObject({ ending: 'cancelled', results: { deploy: { ending: 'cancelled' } } });
  });

  test('is an ending of the stage when somebody takes the run away: what always runs still does', async () => {
    const runId = randomUUID();
    harness.children.set('other', () => {
      const run = { label: 'other#8', number: 8, attempt: 1, url: '', trigger: 'pipeline' };
      return { kind: 'started', input: { ...runInput(runId, outlineOf([stage('stuck')]), { run }) } };
    });
    harness.behave('stuck', hang);
    const always = stage('sweep', { runOn: 'always' });
    const run = await harness.start(outlineOf([stage('deploy', { child: child() }), always]));
    while (!harness.ledger.some((task) => task.stage === 'stuck')) {
      await harness.client.workflow.getHandle(run.workflowId).query(stateQuery);
    }
    await harness.client.workflow.getHandle(runWorkflowId(runId)).terminate('taken away');
    expect(await run.result()).toMatchObject({
      ending: 'errored',
      results: {
        deploy: { ending: 'errored', reason: { message: 'run other#8: lost' } },
        sweep: { ending: 'passed' },
      },
    });
  });
});
