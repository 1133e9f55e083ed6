import { describe, expect, test } from 'vitest';
import type { Decision } from '#core/gate.ts';
import type { Status } from '#core/run.ts';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { AT, node, playBatch, useApi } from '#test/env/use-api.ts';

describe('the batch of a workflow', () => {
  const use = useApi();

  test.each([
    ['NUL', 'a\u0000b', 'a\ufffdb'],
    ['a lone surrogate', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['text that looks like an escape', String.raw`a\u0000 \ud800 \\u0000`, String.raw`a\u0000 \ud800 \\u0000`],
    ['a pair of surrogates', '\u{1f600}', '\u{1f600}'],
  ])('is written with %s in its texts', async (_what, text, kept) => {
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
      nodes: [node('build', { kind: 'ended', ending: 'failed', reason, at: AT }, { tag: text }), node('ship', status)],
      gates: [
        { name: 'ship', status, openedAt: AT, expiresAt: null, remindedAt: null, decisions: [decision], unmet: [] },
      ],
      run: { kind: 'paused', reason },
    });
    const keptReason = { message: kept, values: { [kept]: kept } };
    expect(await api.client.getRun(run.id)).toMatchObject({ status: { reason: keptReason } });
    expect(await api.client.listStages(run.id)).toMatchObject([
      { outputs: { tag: kept }, status: { reason: keptReason } },
      { status: { reason: keptReason } },
    ]);
    expect(await api.client.listGates(run.id)).toMatchObject([
      { decisions: [{ id: `${run.id} ${kept}`, comment: kept, fields: { a: kept } }] },
    ]);
  });
});
