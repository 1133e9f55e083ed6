import { describe, expect, test } from 'vitest';
import type { Status } from '#core/run.ts';
import { createGatePlan, createPlan, createStagePlan } from '#test/env/plan.ts';
import { AT, ended, node, playBatch, useApi } from '#test/env/use-api.ts';
import { findNextTimer } from './next-timer.ts';

describe('the next timer of open runs', () => {
  const use = useApi();
  const startRun = () => {
    use().usePlan(createPlan([createStagePlan('build'), createGatePlan('ship')]));
    return use().client.startRun(use().request());
  };
  const waiting = (at?: string): Status => ({
    kind: 'waiting',
    reason: { code: 'retry', message: 'waits', ...(at ? { values: { at } } : {}) },
  });

  test('is the first of a retry, a window and an expiry, and none once the runs are over', async () => {
    const run = await startRun();
    expect(await findNextTimer(use().database)).toBeNull();
    const gate = { name: 'ship', openedAt: AT, decisions: [], unmet: [], remindedAt: null };
    await playBatch(use(), run, 1, {
      gates: [{ ...gate, status: waiting(), expiresAt: '2030-01-03T00:00:00.000Z' }],
    });
    expect(await findNextTimer(use().database)).toBe('2030-01-03T00:00:00.000Z');
    await playBatch(use(), run, 2, { nodes: [node('build', waiting('2030-01-01T00:00:00.000Z'))] });
    expect(await findNextTimer(use().database)).toBe('2030-01-01T00:00:00.000Z');
    await playBatch(use(), run, 3, {
      gates: [{ ...gate, status: waiting('2029-12-31T00:00:00.000Z'), expiresAt: null }],
    });
    expect(await findNextTimer(use().database)).toBe('2029-12-31T00:00:00.000Z');
    await playBatch(use(), run, 4, { run: ended('cancelled') });
    expect(await findNextTimer(use().database)).toBeNull();
  });
});
