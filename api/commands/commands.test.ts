import { describe, expect, test } from 'vitest';
import type { Decision } from '#core/gate.ts';
import type { GateObject, RunObject } from '#core/rest.ts';
import { setRunStatus } from '#db/queries/set-run-status.ts';
import { createStuckStatus } from '#db/queries/stuck-run.ts';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { AT, ended, node, playBatch, refusalOf, running, useApi } from '#test/env/use-api.ts';

describe('decisions and cancels', () => {
  const use = useApi();

  /** A run whose gate `ship` asks for a decision. */
  const openGate = async (): Promise<{ run: RunObject; gate: GateObject }> => {
    const api = use();
    api.workflows.answer(() => ({ kind: 'accepted' }));
    api.usePlan(createPlan([createStagePlan('build'), createGatePlan('ship', { needs: needs('build') })]));
    const run = await api.client.startRun(api.request());
    // The relay hands it over a moment later; a workflow that does not exist cannot be ended.
    await expect.poll(() => use().workflows.started.some(({ runId }) => runId === run.id)).toBe(true);
    await playBatch(api, run, 1, { nodes: [node('build', ended('passed'))] });
    await playGate(run, 2, []);
    const [gate] = await api.client.listGates(run.id);
    if (!gate) throw new Error('no gate');
    return { run, gate };
  };
  const playGate = (run: RunObject, version: number, decisions: Decision[]) =>
    playBatch(use(), run, version, {
      gates: [
        {
          name: 'ship',
          status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
          ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions, unmet: [] },
        },
      ],
    });

  test('a run that only a decision can move names its gates', async () => {
    const { run } = await openGate();
    expect((await use().client.getRun(run.id)).gatesWaiting).toEqual(['ship']);
  });

  test('an accepted decision is answered by the gate that shows it', async () => {
    const { run, gate } = await openGate();
    use().workflows.answer(async (_runId, update) => {
      if (update.name === 'decideGate') await playGate(run, 3, [update.args[1]]);
      return { kind: 'accepted' };
    });
    const answer = await use().client.decide(gate.id, { verdict: 'approve', as: 'team:sre/ann' }, 'decision-1');
    expect(answer).toMatchObject({
      name: 'ship',
      decisions: [
        { id: expect.stringMatching(/^[0-9a-f]{32}$/), actor: { id: 'user:ann', teams: ['sre'], verified: false } },
      ],
    });
  });

  test('a refusal of the workflow keeps its code', async () => {
    const { gate } = await openGate();
    use().workflows.answer(() => ({
      kind: 'refused',
      code: 'not-an-approver',
      message: 'user:local is none of user:ann',
    }));
    expect(await refusalOf(use().client.decide(gate.id, { verdict: 'approve' }))).toMatchObject({
      status: 403,
      code: 'not-an-approver',
      hint: expect.stringContaining('--as'),
    });
  });

  test('a decision on an older state of the gate is refused', async () => {
    const { run, gate } = await openGate();
    await playGate(run, 3, []);
    const call = use().client.decide(gate.id, { verdict: 'approve', expectedSeq: gate.seq });
    expect(await refusalOf(call)).toMatchObject({ status: 409, code: 'gate-changed' });
  });

  test('a rejection without a comment is refused before the workflow is asked', async () => {
    const { gate } = await openGate();
    const asked = use().workflows.updates.length;
    expect(await refusalOf(use().client.decide(gate.id, { verdict: 'reject' }))).toMatchObject({
      code: 'comment-missing',
    });
    expect(use().workflows.updates).toHaveLength(asked);
  });

  test('a command without a verdict in time is kept, and its verdict found later', async () => {
    const { run } = await openGate();
    const verdict = Promise.withResolvers<{ kind: 'accepted' }>();
    use().workflows.answer(() => verdict.promise);
    const pending = await use().client.cancelRun(run.id, false);
    expect(pending).toMatchObject({ state: 'pending' });
    verdict.resolve({ kind: 'accepted' });
    await expect.poll(() => use().client.getCommand(pending.id)).toMatchObject({ state: 'accepted' });
  });

  test.each([
    ['NUL', { comment: 'a\u0000b' }],
    ['a lone surrogate', { comment: '\ud800' }],
    ['NUL in the name of a field', { fields: { 'a\u0000': 'b' } }],
    ['a lone surrogate in a field', { fields: { a: 'x\udc00' } }],
  ])('text with %s is refused before the workflow is asked', async (_what, values) => {
    const { gate } = await openGate();
    const asked = use().workflows.updates.length;
    expect(await refusalOf(use().client.decide(gate.id, { verdict: 'approve', ...values }))).toMatchObject({
      status: 422,
      code: 'values-invalid',
      errors: [{ code: 'text-invalid' }],
    });
    expect(use().workflows.updates).toHaveLength(asked);
  });

  test('a run that has ended can not be cancelled', async () => {
    const { run } = await openGate();
    await playBatch(use(), run, 3, { run: ended('passed') });
    expect(await refusalOf(use().client.cancelRun(run.label, false))).toMatchObject({ status: 409, code: 'run-ended' });
  });

  test('a cancel of a run that cannot go on ends it and what it waits for', async () => {
    for (const force of [true, false]) {
      const { run } = await openGate();
      await setRunStatus(use().database, run.id, createStuckStatus(running));
      use().workflows.answer(() => ({ kind: 'pending' }));
      expect(await use().client.cancelRun(run.id, force)).toMatchObject({
        status: { kind: 'ended', ending: 'cancelled' },
        gatesWaiting: [],
      });
      expect(use().workflows.terminated).toContain(run.id);
      expect(await use().client.listGates(run.id)).toMatchObject([{ status: { kind: 'ended', ending: 'cancelled' } }]);
      expect(await use().database`SELECT state FROM commands WHERE run_id = ${run.id}`).toEqual([
        { state: 'accepted' },
      ]);
    }
  });

  test('a cancel that was given before the run stood still is carried out then', async () => {
    const { run } = await openGate();
    const quiet = Promise.withResolvers<{ kind: 'pending' }>();
    use().workflows.answer(() => quiet.promise);
    const pending = await use().client.cancelRun(run.id, false);
    await setRunStatus(use().database, run.id, createStuckStatus(running));
    quiet.resolve({ kind: 'pending' });
    await expect.poll(() => use().client.getCommand(pending.id)).toMatchObject({ state: 'accepted' });
    expect((await use().client.getRun(run.id)).status).toMatchObject({ kind: 'ended', ending: 'cancelled' });
  });

  test('a repeated cancel with its key asks the workflow once', async () => {
    const { run } = await openGate();
    use().workflows.answer(async () => {
      await playBatch(use(), run, 3, { run: { kind: 'cancelling', since: AT } });
      return { kind: 'accepted' };
    });
    const asked = use().workflows.updates.length;
    await use().client.cancelRun(run.id, false, 'cancel-1');
    expect(await use().client.cancelRun(run.id, false, 'cancel-1')).toMatchObject({ status: { kind: 'cancelling' } });
    expect(use().workflows.updates).toHaveLength(asked + 1);
  });
});
