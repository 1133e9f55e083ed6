import { ServiceError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StageTask } from '#core/attempt.ts';
import type { Decision } from '#core/gate.ts';
import { runWorkflowId } from '#core/ids.ts';
import type { RunState } from '#core/run.ts';
import { describeWith } from '#test/env/describe-with.ts';
import { startHarness, hang, type Harness, letGo } from '#test/workflow/harness.ts';
import { gate, gateRules, needs, outlineOf, stage } from '#test/workflow/outlines.ts';
import { cancelRunUpdate, decideGateUpdate, stateQuery } from '../messages.ts';

describeWith(['temporal'], 'a run', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.stop();
  });

  const endingsOf = async (result: Promise<{ results: Record<string, { ending: string }> } | null>) => {
    const { results } = (await result) ?? { results: {} };
    return Object.fromEntries(Object.entries(results).map(([name, { ending }]) => [name, ending]));
  };
  const waitFor = async (workflowId: string, isThere: (state: RunState) => boolean): Promise<RunState> => {
    for (;;) {
      const state = await harness.client.workflow.getHandle(workflowId).query(stateQuery);
      if (isThere(state)) return state;
    }
  };
  const isRunning = (name: string) => (state: RunState) =>
    state.nodes.some((node) => node.name === name && node.status.kind === 'running');
  const decision = (given: Partial<Decision> = {}): Decision => ({
    id: Math.random().toString(36),
    verdict: 'approve',
    actor: { id: 'user:ann', teams: ['sre'], verified: true },
    comment: null,
    fields: {},
    planDigest: 'digest',
    at: new Date().toISOString(),
    ...given,
  });
  /**
   * As the API does: asked again under the same id when the server threw the workflow task away, because something new
   * came in while it completed the run.
   */
  const cancel = async (workflowId: string, force = false): Promise<void> => {
    const handle = harness.client.workflow.getHandle(workflowId);
    const id = force ? 'cancel-by-force' : 'cancel';
    const request = { id, by: 'user:local', force };
    for (;;) {
      try {
        await handle.executeUpdate(cancelRunUpdate, { updateId: id, args: [request] });
        return;
      } catch (error) {
        if (!(error instanceof ServiceError && String(error.cause).includes('workflow task failure'))) throw error;
      }
    }
  };
  const decide = (workflowId: string, name: string, given: Partial<Decision> = {}) =>
    harness.client.workflow.getHandle(workflowId).executeUpdate(decideGateUpdate, { args: [name, decision(given)] });

  /** Tasks of stages that the workflow has given out, taken or not. */
  const listDelivered = async (workflowId: string): Promise<StageTask[]> => {
    const { events } = await harness.client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: task }) => {
      if (task?.activityType?.name !== 'runStage') return [];
      return JSON.parse(Buffer.from(task.input?.payloads?.[0]?.data ?? []).toString()) as StageTask;
    });
  };

  test('starts a stage only after its needs have passed', async () => {
    const run = await harness.start(outlineOf([stage('a'), stage('b', { needs: needs('a') })]));
    expect(await endingsOf(run.result())).toEqual({ a: 'passed', b: 'passed' });
    expect(harness.ledger.filter((task) => task.runId === run.runId).map((task) => task.stage)).toEqual(['a', 'b']);
  });

  test('does not run what needs a failed stage, and runs the finally', async () => {
    harness.behave('fails', () => ({ ending: 'failed', exitCode: 3 }));
    const nodes = [
      stage('fails'),
      stage('after', { needs: needs('fails') }),
      stage('clean', { runOn: 'always' }),
      stage('alert', { runOn: 'failure' }),
    ];
    const run = await harness.start(outlineOf(nodes));
    const result = await run.result();
    expect(result?.ending).toBe('failed');
    expect(await endingsOf(run.result())).toEqual({
      fails: 'failed',
      after: 'not-run',
      clean: 'passed',
      alert: 'passed',
    });
  });

  test('repeats a failed stage by its retry rule and passes outputs on', async () => {
    const rule = { on: 'failed', limit: 2, exit: [], logMatch: null, backoffMs: 10, factor: 1, maxMs: null } as const;
    harness.behave('flaky', (task) =>
      task.attempt < 3 ? { ending: 'failed', exitCode: 1 } : { outputs: { tag: 'v3' } },
    );
    const reader = stage('reader', { needs: needs('flaky'), reads: ['stages.flaky.outputs.tag'] });
    const run = await harness.start(outlineOf([stage('flaky', { retry: [{ ...rule, exit: [] }] }), reader]));
    expect(await endingsOf(run.result())).toEqual({ flaky: 'passed', reader: 'passed' });
    expect(harness.ledger.findLast((task) => task.stage === 'reader')?.values).toEqual({
      'stages.flaky.outputs.tag': 'v3',
    });
  });

  test('a cancel stops what runs, leaves the rest not-run, and still runs always stages', async () => {
    harness.behave('hangs', hang);
    const nodes = [stage('hangs'), stage('next', { needs: needs('hangs') }), stage('last', { runOn: 'always' })];
    const run = await harness.start(outlineOf(nodes));
    await waitFor(run.workflowId, isRunning('hangs'));
    await cancel(run.workflowId);
    expect((await run.result())?.ending).toBe('cancelled');
    expect(await endingsOf(run.result())).toEqual({ hangs: 'cancelled', next: 'not-run', last: 'passed' });
  });

  test('the time limit of the run ends it timed-out', async () => {
    harness.behave('hangs', hang);
    const run = await harness.start(outlineOf([stage('hangs')], { timeoutMs: 300 }));
    expect(await endingsOf(run.result())).toEqual({ hangs: 'timed-out' });
    expect((await run.result())?.ending).toBe('timed-out');
  });

  test('a failing leg stops its siblings', async () => {
    harness.behave('legs[n=1]', () => ({ ending: 'failed', exitCode: 1 }));
    harness.behave('legs[n=2]', hang);
    const legs = ['legs[n=1]', 'legs[n=2]', 'legs[n=3]'];
    const groups = { legs: { legs, failFast: true, maxParallel: 2 } };
    const run = await harness.start(
      outlineOf(
        legs.map((name) => stage(name)),
        { groups },
      ),
    );
    const endings = await endingsOf(run.result());
    expect(endings['legs[n=1]']).toBe('failed');
    expect(endings['legs[n=2]']).toBe('cancelled');
    expect((await run.result())?.ending).toBe('failed');
  });

  test('a gate opens when every rule is met, and says what is unmet until then', async () => {
    const rules = { approve: [{ from: 'team:sre', min: 2 }], noSelf: true };
    const run = await harness.start(outlineOf([gate('ship', rules), stage('deploy', { needs: needs('ship') })]));
    await waitFor(run.workflowId, (state) => state.gates.length === 1);
    const first = await decide(run.workflowId, 'ship');
    expect(first.unmet).toEqual([{ from: 'team:sre', min: 1 }]);
    await expect(decide(run.workflowId, 'ship')).rejects.toMatchObject({ cause: { type: 'already-decided' } });
    const self = { actor: { id: 'user:local', teams: ['sre'], verified: true } };
    await expect(decide(run.workflowId, 'ship', self)).rejects.toMatchObject({ cause: { type: 'self-approval' } });
    await expect(decide(run.workflowId, 'ship', { planDigest: 'other' })).rejects.toMatchObject({
      cause: { type: 'plan-changed' },
    });
    await decide(run.workflowId, 'ship', { actor: { id: 'user:bob', teams: ['sre'], verified: true } });
    expect(await endingsOf(run.result())).toEqual({ ship: 'passed', deploy: 'passed' });
  });

  test('a rejected gate inside a stage ends it rejected', async () => {
    const run = await harness.start(outlineOf([stage('deploy', { gate: gateRules({ manual: true }) })]));
    await waitFor(run.workflowId, (state) => state.gates.length === 1);
    await decide(run.workflowId, 'deploy', { verdict: 'reject', comment: 'not today' });
    expect((await run.result())?.ending).toBe('rejected');
  });

  test('a gate that nobody decides expires', async () => {
    const run = await harness.start(outlineOf([gate('late', { expiresMs: 2_500, remindMs: 500 })]));
    const result = await run.result();
    expect(result?.results['late']).toMatchObject({ ending: 'rejected', reason: { code: 'gate-expired' } });
    expect(harness.batches.some((batch) => batch.gates.some((state) => state.remindedAt !== null))).toBe(true);
  });

  test('a gate that waits when the run is cancelled is closed, and takes no decision any more', async () => {
    harness.behave('clean', async () => {
      await expect(decide(run.workflowId, 'ship')).rejects.toMatchObject({ cause: { type: 'gate-not-open' } });
      return {};
    });
    const run = await harness.start(outlineOf([gate('ship', {}), stage('clean', { runOn: 'always' })]));
    await waitFor(run.workflowId, (state) => state.gates.length === 1);
    await cancel(run.workflowId);
    expect(await endingsOf(run.result())).toEqual({ ship: 'cancelled', clean: 'passed' });
    const closed = harness.batches.findLast((batch) => batch.runId === run.runId && batch.gates.length > 0);
    expect(closed?.gates[0]?.status).toMatchObject({ kind: 'ended', ending: 'cancelled' });
  });

  test('the time limit of the run outlives the stage that started its clock', async () => {
    harness.behave('first[n=1]', hang);
    harness.behave('first[n=2]', async (task) => {
      await waitFor(runWorkflowId(task.runId), isRunning('other'));
      return { ending: 'failed', exitCode: 1 };
    });
    harness.behave('other', hang);
    const legs = ['first[n=1]', 'first[n=2]'];
    const groups = { first: { legs, failFast: true, maxParallel: null } };
    const nodes = [...legs.map((name) => stage(name)), stage('other')];
    const run = await harness.start(outlineOf(nodes, { groups, timeoutMs: 2_000 }));
    expect(await endingsOf(run.result())).toEqual({
      'first[n=1]': 'cancelled',
      'first[n=2]': 'failed',
      other: 'timed-out',
    });
  });

  test('a stage whose container a forced cancel took away is cancelled, not errored', async () => {
    harness.behave('taken', async () => ({ ...(await hang()), ending: 'errored', faultCode: 'attempt-lost' }));
    const nodes = [stage('taken'), stage('last', { runOn: 'always' })];
    const run = await harness.start(outlineOf(nodes));
    await waitFor(run.workflowId, isRunning('taken'));
    await cancel(run.workflowId, true);
    expect(await endingsOf(run.result())).toEqual({ taken: 'cancelled', last: 'not-run' });
  });

  test('a stage that is cancelled under a worker which lets go of it is ended by the next one', async () => {
    const seen: StageTask[] = [];
    harness.behave('left', (task) => {
      seen.push(task);
      return letGo(task);
    });
    const run = await harness.start(outlineOf([stage('left'), stage('last', { runOn: 'always' })]));
    await expect.poll(() => seen.length).toBe(1);
    await cancel(run.workflowId);
    expect(await endingsOf(run.result())).toEqual({ left: 'cancelled', last: 'passed' });
    expect(seen.map(({ attempt, isCancelled }) => ({ attempt, isCancelled }))).toEqual([
      { attempt: 1, isCancelled: undefined },
      { attempt: 1, isCancelled: true },
    ]);
    expect(seen[1]?.version).toBeGreaterThan(seen[0]?.version ?? 0);
  });

  test('a stage that is cancelled while it waits for its next worker is ended by it; a forced stop waits for nobody', async () => {
    const tasks = () => harness.ledger.filter(({ stage: name, runId }) => name === 'waits' && runId === run.runId);
    harness.behave('waits', (task) => {
      if (task.isCancelled) return { ending: 'cancelled', exitCode: 143 };
      throw ApplicationFailure.create({ message: 'let go of the stage', type: 'stage-left', nextRetryDelay: '1 hour' });
    });
    const run = await harness.start(outlineOf([stage('waits')]));
    await expect.poll(() => tasks().length).toBe(1);
    await cancel(run.workflowId);
    expect(await endingsOf(run.result())).toEqual({ waits: 'cancelled' });
    expect(tasks().map(({ isCancelled }) => isCancelled)).toEqual([undefined, true]);

    harness.behave('stuck', (task) => {
      if (!task.isCancelled) return letGo(task);
      throw ApplicationFailure.create({ message: 'let go of the stage', type: 'stage-left', nextRetryDelay: '1 hour' });
    });
    const stuck = await harness.start(outlineOf([stage('stuck')]));
    await expect.poll(() => harness.ledger.some(({ stage: name }) => name === 'stuck')).toBe(true);
    await cancel(stuck.workflowId);
    await expect
      .poll(() => harness.ledger.some(({ stage: name, isCancelled }) => name === 'stuck' && isCancelled))
      .toBe(true);
    await cancel(stuck.workflowId, true);
    expect(await endingsOf(stuck.result())).toEqual({ stuck: 'cancelled' });
  });

  test('of a stage that is cancelled before any worker had it nothing is delivered', async () => {
    harness.unserved.set('queued', 0);
    const run = await harness.start(outlineOf([stage('queued')]));
    const countDeliveries = async () => (await listDelivered(run.workflowId)).length;
    await expect.poll(countDeliveries).toBe(1);
    await cancel(run.workflowId);
    await waitFor(run.workflowId, ({ nodes }) => nodes.every(({ status }) => status.kind === 'ended'));
    expect(await countDeliveries()).toBe(1);
    // Nobody is there to close the host.
    await harness.client.workflow.getHandle(run.workflowId).terminate();
    harness.unserved.clear();
  });

  test('a stage that its host has not taken within its lease is given out again as one that may have begun', async () => {
    harness.unserved.set('late', 300);
    const run = await harness.start(outlineOf([stage('late')]));
    await expect.poll(async () => (await listDelivered(run.workflowId)).length, { timeout: 20_000 }).toBeGreaterThan(1);
    const [first, second] = await listDelivered(run.workflowId);
    expect(first).toMatchObject({ attempt: 1 });
    expect(first).not.toHaveProperty('isAgain');
    expect(second).toMatchObject({ attempt: 1, isAgain: true });
    await harness.client.workflow.getHandle(run.workflowId).terminate();
    harness.unserved.clear();
  });

  test('carried results are not run again', async () => {
    const carried = {
      a: {
        ending: 'passed' as const,
        reason: null,
        outputs: { k: 'v' },
        artifacts: [],
        attempts: 1,
        carriedFrom: 'local/1',
      },
    };
    const run = await harness.start(outlineOf([stage('a'), stage('b', { needs: needs('a') })]), { carried });
    expect(await endingsOf(run.result())).toEqual({ a: 'passed', b: 'passed' });
    expect(harness.ledger.filter((task) => task.runId === run.runId).map((task) => task.stage)).toEqual(['b']);
  });

  test('a stage that is a process on the only host costs no queue but its own, and two workflow tasks', async () => {
    harness.beOnlyHost(true);
    const alone = await harness.start(outlineOf([stage('a', { executor: 'process' })]));
    const docker = await harness.start(outlineOf([stage('a', { executor: 'docker' })]));
    expect((await alone.result())?.ending).toBe('passed');
    expect((await docker.result())?.ending).toBe('passed');
    harness.beOnlyHost(false);
    const count = async (workflowId: string) => {
      const { events } = await harness.client.workflow.getHandle(workflowId).fetchHistory();
      const counts = { tasks: 0, activities: 0, markers: 0 };
      for (const event of events ?? []) {
        counts.tasks += event.workflowTaskStartedEventAttributes ? 1 : 0;
        counts.activities += event.activityTaskStartedEventAttributes ? 1 : 0;
        counts.markers += event.markerRecordedEventAttributes ? 1 : 0;
      }
      return counts;
    };
    expect(await count(alone.workflowId)).toEqual({ tasks: 2, activities: 1, markers: 2 });
    const end = harness.batches.filter(({ runId, run }) => runId === alone.runId && run?.kind === 'ended');
    expect(end.map(({ leaves }) => leaves)).toEqual(['test']);
    expect((await count(docker.workflowId)).activities).toBe(3);
  });

  test('a run of both is left by its queue, which takes the containers too', async () => {
    harness.beOnlyHost(true);
    const nodes = [stage('a', { executor: 'process' }), stage('b', { executor: 'docker', needs: needs('a') })];
    const run = await harness.start(outlineOf(nodes));
    expect((await run.result())?.ending).toBe('passed');
    harness.beOnlyHost(false);
    const { events } = await harness.client.workflow.getHandle(run.workflowId).fetchHistory();
    const queued = (events ?? []).flatMap(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    expect(queued.filter((name) => name === 'closeHost')).toHaveLength(1);
  });

  test('a diamond of 200 stages completes with at most 8 history events a stage', async () => {
    const middle = Array.from({ length: 198 }, (_, index) => stage(`m${index}`, { needs: needs('first') }));
    const nodes = [stage('first'), ...middle, stage('last', { needs: needs(...middle.map((node) => node.name)) })];
    const run = await harness.start(outlineOf(nodes));
    expect((await run.result())?.ending).toBe('passed');
    const { events } = await harness.client.workflow.getHandle(run.workflowId).fetchHistory();
    expect((events?.length ?? Number.POSITIVE_INFINITY) / 200).toBeLessThanOrEqual(8);
  });
});
