import { describe, expect, test } from 'vitest';
import type { Decision } from '#core/gate.ts';
import type { Status } from '#core/run.ts';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { AT, ended, node, playBatch, useApi } from '#test/env/use-api.ts';

describe('the batch of a workflow', () => {
  const use = useApi();

  test.each([
    ['NUL', 'a\u0000b', 'a\ufffdb'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['what looks like an escape', String.raw`a\u0000 \\u0000`, String.raw`a\u0000 \\u0000`],
  ])('is written with %s in its texts, and its values are kept', async (_what, text, column) => {
    const api = use();
    api.usePlan(createPlan([createStagePlan('build'), createGatePlan('ship', { needs: needs('build') })]));
    const run = await api.client.startRun(api.request());
    const reason = { code: 'gate', message: text, values: { [text]: text } };
    const status: Status = { kind: 'waiting', reason };
    const decision: Decision = {
      ...{ id: `${run.id} ${text}`, verdict: 'approve', comment: text, fields: { a: text }, planDigest: '', at: AT },
      actor: { id: 'user:ann', teams: [], verified: false },
    };
    await playBatch(api, run, 1, {
      nodes: [node('build', { kind: 'ended', ending: 'passed', reason, at: AT }, { tag: text }), node('ship', status)],
      gates: [
        { name: 'ship', status, openedAt: AT, expiresAt: null, remindedAt: null, decisions: [decision], unmet: [] },
      ],
      run: { kind: 'paused', reason },
    });
    expect(await api.client.getRun(run.id)).toMatchObject({ status: { reason } });
    expect(await api.client.listStages(run.id)).toMatchObject([
      { outputs: { tag: text }, status: { reason } },
      { status: { reason } },
    ]);
    expect(await api.client.listGates(run.id)).toMatchObject([{ decisions: [{ comment: text, fields: { a: text } }] }]);
    const decisions = await api.database`SELECT id FROM decisions WHERE id LIKE ${`${run.id}%`}`;
    expect(decisions).toEqual([{ id: `${run.id} ${column}` }]);
    await playBatch(api, run, 2, { run: ended('failed') });
    const second = await api.client.rerun(run.id, { kind: 'leg', name: 'ship' });
    expect((await api.client.listStages(second.id))[0]).toMatchObject({
      outputs: { tag: text },
      carriedFrom: run.label,
    });
  });
});
