import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConcurrencyRule, type GroupState } from '#core/concurrency.ts';
import { lockWorkflowId } from '#core/ids.ts';
import type { RunInput, RunState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { hang, startHarness, type Harness, type StartedRun } from '#test/workflow/harness.ts';
import { needs, outlineOf, stage } from '#test/workflow/outlines.ts';
import { cancelRunUpdate, groupStateQuery, releasePlaceUpdate, stateQuery } from '../messages.ts';

describeWith(['temporal'], 'a concurrency group', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.stop();
  });

  let groups = 0;
  const rule = (whenBusy: ConcurrencyRule['whenBusy'], limit = 1): ConcurrencyRule => ({
    ...{ group: `group ${++groups}`, limit, whenBusy },
  });
  const begin = (label: string, concurrency: ConcurrencyRule, given: Partial<RunInput> = {}, work = 'hangs') => {
    harness.behave('hangs', hang);
    const run = { label, number: 1, attempt: 1, url: '', trigger: 'local' };
    return harness.start(outlineOf([stage(work)], { concurrency }), { run, ...given });
  };
  const handleOf = (run: StartedRun) => harness.client.workflow.getHandle(run.workflowId);
  const lockOf = ({ group }: ConcurrencyRule) => harness.client.workflow.getHandle(lockWorkflowId('main/main', group));
  const waitFor = async (run: StartedRun, isThere: (state: RunState) => boolean): Promise<RunState> => {
    for (;;) {
      const state = await handleOf(run).query(stateQuery);
      if (isThere(state)) return state;
    }
  };
  const runs = (run: StartedRun) =>
    waitFor(run, (state) => state.nodes.some(({ status }) => status.kind === 'running'));
  const waits = (run: StartedRun, says: string) =>
    waitFor(run, ({ status }) => status.kind === 'queued' && (status.reason?.message.includes(says) ?? false));
  const cancel = (run: StartedRun) =>
    handleOf(run).executeUpdate(cancelRunUpdate, { args: [{ id: 'cancel', by: 'user:ann', force: false }] });

  test('a run waits for its turn, sees who has it, and comes when that one has ended', async () => {
    const queue = rule('queue');
    const first = await begin('shop#1', queue);
    await runs(first);
    const second = await begin('shop#2', queue, {}, 'quick');
    await waits(second, `waits for its turn in "${queue.group}": shop#1 has the place`);
    const third = await begin('shop#3', queue, {}, 'quick');
    await waits(third, '2. of 2 who wait');
    const state = await lockOf(queue).query(groupStateQuery);
    expect(state).toMatchObject({
      holders: [{ label: 'shop#1' }],
      waiters: [{ label: 'shop#2' }, { label: 'shop#3' }],
    });
    await cancel(first);
    expect((await second.result())?.ending).toBe('passed');
    expect((await third.result())?.ending).toBe('passed');
  });

  test('a run that waits and is cancelled begins nothing and leaves the queue', async () => {
    const queue = rule('queue');
    const first = await begin('shop#1', queue);
    await runs(first);
    const second = await begin('shop#2', queue, {}, 'never');
    await waits(second, 'shop#1 has the place');
    await cancel(second);
    expect(await second.result()).toMatchObject({ ending: 'cancelled', results: { never: { ending: 'not-run' } } });
    await cancel(first);
    await first.result();
    expect(await lockOf(queue).query(groupStateQuery)).toMatchObject({ waiters: [] });
  });

  test('a superseded run is skipped, not failed, and says by whom', async () => {
    const replace = rule('replace-pending');
    const first = await begin('shop#1', replace);
    await runs(first);
    const second = await begin('shop#2', replace, {}, 'never');
    await waits(second, 'shop#1 has the place');
    const third = await begin('shop#3', replace, {}, 'quick');
    const reason = { code: 'superseded', message: `superseded by shop#3 in "${replace.group}"` };
    expect(await second.result()).toMatchObject({ ending: 'skipped', results: { never: { reason } } });
    expect(harness.batches.findLast((batch) => batch.runId === second.runId)?.run).toMatchObject({ reason });
    await cancel(first);
    expect((await third.result())?.ending).toBe('passed');
  });

  test('with cancel-running the run that has the place is cancelled, and says by whom', async () => {
    const newest = rule('cancel-running');
    const first = await begin('shop#1', newest);
    await runs(first);
    const second = await begin('shop#2', newest, {}, 'quick');
    expect((await first.result())?.ending).toBe('cancelled');
    const last = harness.batches.findLast((batch) => batch.runId === first.runId);
    expect(last?.run).toMatchObject({ reason: { code: 'superseded', values: { by: 'shop#2' } } });
    expect((await second.result())?.ending).toBe('passed');
  });

  test('with skip-older a run of an older commit is skipped, also when the newer one has ended', async () => {
    const skip = rule('skip-older');
    const newer = await begin('shop#2', skip, { commit: { branch: 'main', position: 8 } }, 'quick');
    await newer.result();
    const older = await begin('shop#1', skip, { commit: { branch: 'main', position: 7 } }, 'never');
    expect(await older.result()).toMatchObject({ ending: 'skipped' });
    const newest = await begin('shop#3', skip, { commit: { branch: 'main', position: 9 } }, 'quick');
    expect((await newest.result())?.ending).toBe('passed');
  });

  test('a stage waits for its turn behind a stage of another run, which is not its time', async () => {
    const queue = rule('queue');
    harness.behave('deploy', hang);
    const outline = () => outlineOf([stage('build'), stage('deploy', { needs: needs('build'), concurrency: queue })]);
    const first = await harness.start(outline(), {
      run: { label: 'a#1', number: 1, attempt: 1, url: '', trigger: 'local' },
    });
    await waitFor(first, (state) => state.nodes[1]?.status.kind === 'running');
    harness.behave('deploy', () => ({}));
    const second = await harness.start(outline());
    const state = await waitFor(second, ({ nodes }) => nodes[1]?.status.kind === 'queued');
    expect(state.nodes[1]?.status).toMatchObject({ reason: { values: { holders: 'a#1 deploy' } } });
    await cancel(first);
    expect((await second.result())?.ending).toBe('passed');
  });

  test('a run that died with the place gives it back', async () => {
    const queue = rule('queue');
    const first = await begin('shop#1', queue);
    await runs(first);
    await handleOf(first).terminate('died');
    const second = await begin('shop#2', queue, {}, 'quick');
    expect((await second.result())?.ending).toBe('passed');
  });

  test('a person frees a place', async () => {
    const queue = rule('queue');
    const first = await begin('shop#1', queue);
    await runs(first);
    const second = await begin('shop#2', queue, {}, 'quick');
    await waits(second, 'shop#1 has the place');
    const state: GroupState = await lockOf(queue).query(groupStateQuery);
    const id = state.holders[0]?.id ?? '';
    expect(await lockOf(queue).executeUpdate(releasePlaceUpdate, { args: [id] })).toBe(true);
    expect((await second.result())?.ending).toBe('passed');
    expect(await lockOf(queue).executeUpdate(releasePlaceUpdate, { args: ['nobody'] })).toBe(false);
    await cancel(first);
  });
});
