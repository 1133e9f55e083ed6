import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunUpdate } from '#api/workflows/gateway.ts';
import { connectWorkflows } from '#api/workflows/temporal-gateway.ts';
import { CONTROL_QUEUE, hostQueue } from '#core/queues.ts';
import { describeWith } from '../env/describe-with.ts';
import { startTemporalServer } from '../env/temporal-server.ts';
import { startHarness, type Harness } from '../workflow/harness.ts';
import { gate, gateRules, needs, outlineOf, runInput, stage } from '../workflow/outlines.ts';

describeWith(['temporal'], 'the gateway to the workflows', () => {
  let harness: Harness;
  let gateway: ReturnType<typeof connectWorkflows>;
  beforeAll(async () => {
    harness = await startHarness();
    gateway = connectWorkflows({ address: harness.address, namespace: 'default', tls: null, apiKey: null });
  });
  afterAll(async () => {
    await gateway.close();
    await harness.stop();
  });

  const patience = () => AbortSignal.timeout(20_000);
  const startGated = async () => {
    const nodes = [
      stage('build'),
      gate('ship', gateRules({ approve: [{ from: 'user:ann', min: 1 }] }), { needs: needs('build') }),
    ];
    const input = runInput(randomUUID(), outlineOf(nodes));
    await gateway.start(input);
    return input;
  };
  const approve = (id: string, actor: string): RunUpdate => ({
    id,
    name: 'decideGate',
    args: [
      'ship',
      {
        ...{ id, verdict: 'approve', comment: null, fields: {}, planDigest: 'digest', at: new Date().toISOString() },
        actor: { id: actor, teams: [], verified: false },
      },
    ],
  });
  /** The gate opens a moment after the start. */
  const approveOnceOpen = async (runId: string, id: string, actor: string) => {
    for (;;) {
      const verdict = await gateway.update(runId, approve(id, actor), patience());
      if (verdict.kind !== 'refused' || verdict.code !== 'gate-not-open') return verdict;
    }
  };

  test('a run started twice is one run', async () => {
    const input = await startGated();
    await gateway.start(input);
    expect(await gateway.findOpen(input.runId)).toBe(true);
    expect(await approveOnceOpen(input.runId, 'd1', 'user:ann')).toEqual({ kind: 'accepted' });
    await expect.poll(() => gateway.findOpen(input.runId), { timeout: 20_000 }).toBe(false);
    await gateway.start(input);
    expect(await gateway.findOpen(input.runId)).toBe(false);
  });

  test('a refusal comes with the code of the workflow', async () => {
    const { runId } = await startGated();
    expect(await approveOnceOpen(runId, 'd1', 'user:bob')).toMatchObject({ kind: 'refused', code: 'not-an-approver' });
    expect(await gateway.update(runId, { ...approve('d2', 'user:ann') }, patience())).toEqual({ kind: 'accepted' });
  });

  test('a repeated update acts once', async () => {
    const { runId } = await startGated();
    expect(await approveOnceOpen(runId, 'same', 'user:ann')).toEqual({ kind: 'accepted' });
    expect(['accepted', 'absent']).toContain(
      (await gateway.update(runId, approve('same', 'user:ann'), patience())).kind,
    );
  });

  test('a run that Temporal does not have is absent', async () => {
    const runId = randomUUID();
    const cancel: RunUpdate = { id: 'c', name: 'cancelRun', args: [{ id: 'c', by: 'user:local', force: false }] };
    expect(await gateway.update(runId, cancel, patience())).toEqual({ kind: 'absent' });
    expect(await gateway.findOpen(runId)).toBeNull();
  });

  test('a run that stands still is terminated once', async () => {
    const { runId } = await startGated();
    expect(await gateway.terminate(runId, 'cancelled')).toBe(true);
    expect(await gateway.terminate(runId, 'cancelled')).toBe(false);
    expect(await gateway.findOpen(runId)).toBe(false);
  });

  test('a sweep that fails says why, and is not called busy', async () => {
    const report = { leftovers: [], troubles: [] };
    harness.sweepAs(async () => report);
    expect(await gateway.prune(false)).toEqual(report);
    harness.sweepAs(async () => {
      throw new Error('no column "is_swept"');
    });
    await expect(gateway.prune(true)).rejects.toThrow('no column "is_swept"');
  });

  test('a sweep whose worker has died holds off nobody for minutes', async () => {
    const begun = Promise.withResolvers<void>();
    // It says nothing any more.
    harness.sweepAs(async () => {
      begun.resolve();
      return Context.current().cancelled;
    });
    const asked = gateway.prune(false);
    await begun.promise;
    expect(await Promise.all([asked, gateway.prune(false)])).toEqual([null, null]);
  }, 60_000);

  test('an input above the limit of a payload is refused for good', async () => {
    const input = runInput(randomUUID(), outlineOf([stage('build')]));
    const start = gateway.start({ ...input, startedBy: 'x'.repeat(3 * 1024 * 1024) });
    await expect(start).rejects.toMatchObject({ fault: { code: 'workflow-refused', retry: { kind: 'no' } } });
  });

  test('a queue tells who asks for work of it, and what waits where nobody does', async () => {
    const host = hostQueue('test');
    expect(await gateway.describeQueues([host, CONTROL_QUEUE, 'of-nobody'])).toEqual([
      expect.objectContaining({ queue: host, pollers: [expect.objectContaining({ seenAt: expect.any(String) })] }),
      expect.objectContaining({ queue: CONTROL_QUEUE, pollers: [expect.objectContaining({})] }),
      { queue: 'of-nobody', backlog: 0, oldestMs: 0, pollers: [] },
    ]);
    const lonely = await startTemporalServer();
    const other = connectWorkflows({ address: lonely.address, namespace: 'default', tls: null, apiKey: null });
    try {
      await other.start(runInput(randomUUID(), outlineOf([stage('build')])));
      await other.start(runInput(randomUUID(), outlineOf([stage('build')])));
      const describeControl = async () => (await other.describeQueues([CONTROL_QUEUE]))[0];
      await expect.poll(describeControl, { timeout: 20_000 }).toMatchObject({ backlog: 2, pollers: [] });
      await expect.poll(async () => (await describeControl())?.oldestMs, { timeout: 20_000 }).toBeGreaterThan(0);
    } finally {
      await other.close();
      await lonely.stop();
    }
  });

  test('a server that is away is a fault to try again', async () => {
    const away = connectWorkflows({ address: '127.0.0.1:1', namespace: 'default', tls: null, apiKey: null });
    await expect(away.findOpen(randomUUID())).rejects.toMatchObject({
      fault: { code: 'temporal-unreachable', retry: { kind: 'yes' } },
    });
  });
});
