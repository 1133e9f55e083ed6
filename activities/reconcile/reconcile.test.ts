import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { insertCommand } from '#db/queries/commands.ts';
import { listFindings } from '#db/queries/findings.ts';
import { listSweeps } from '#db/queries/sweeps.ts';
import { createGatePlan, createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { AT, ended, node, playBatch, running, useApi } from '#test/env/use-api.ts';
import type { ExecutorHost } from '../executor/port.ts';
import type { WorkflowStanding } from './port.ts';
import { reconcile } from './reconcile.ts';

describe('reconcile', () => {
  const use = useApi();

  const startRun = async () => {
    const api = use();
    api.usePlan(createPlan([createStagePlan('build'), createStagePlan('test', { needs: needs('build') })]));
    const run = await api.client.startRun(api.request());
    await expect.poll(async () => (await api.database`SELECT id FROM outbox WHERE run_id = ${run.id}`).length).toBe(0);
    await playBatch(api, run, 1, { nodes: [node('build', running)], run: running });
    return run;
  };
  /** Looks at runs however young they are. */
  const look = (standing: WorkflowStanding, hosts: ExecutorHost[] = [], open: string[] = []) => {
    const { database, context } = use();
    const workflows = {
      ...{ find: async () => standing, listOpen: () => listOpen(open) },
      ...{ countOpen: async () => open.length, listReported: () => listOpen([]) },
    };
    return reconcile({ database, workflows, hosts, secrets: context.stores.secrets }, -60_000);
  };
  const endAll = () => look({ kind: 'unknown' });

  test('a run whose workflow is open is left alone', async () => {
    const run = await startRun();
    expect(await look({ kind: 'open' })).toMatchObject({ ended: [] });
    expect((await use().client.getRun(run.id)).status.kind).toBe('running');
  });

  test('a run whose history no longer replays is paused, never running, and goes on when it does again', async () => {
    await endAll();
    const run = await startRun();
    expect(await look({ kind: 'stuck' })).toMatchObject({ paused: [run.id] });
    expect((await use().client.getRun(run.id)).status).toMatchObject({
      kind: 'paused',
      reason: { code: 'engine-code-changed' },
    });
    await look({ kind: 'open' });
    expect((await use().client.getRun(run.id)).status.kind).toBe('running');
    // What the workflow writes next is newer than anything the reconciler wrote.
    await playBatch(use(), run, 2, { run: ended('passed') });
    expect((await use().client.getRun(run.id)).status).toMatchObject({ ending: 'passed' });
  });

  test('a run that was being cancelled when it came to stand still is cancelling again when it goes on', async () => {
    await endAll();
    const run = await startRun();
    await playBatch(use(), run, 2, { run: { kind: 'cancelling', since: AT } });
    await look({ kind: 'stuck' });
    expect((await use().client.getRun(run.id)).status).toMatchObject({ kind: 'paused' });
    await look({ kind: 'open' });
    expect((await use().client.getRun(run.id)).status).toEqual({ kind: 'cancelling', since: AT });
  });

  test('a run that stood still, was cancelled and terminated ends cancelled though nobody wrote so', async () => {
    await endAll();
    const run = await startRun();
    await look({ kind: 'stuck' });
    await insertCommand(use().database, {
      ...{ id: randomUUID(), runId: run.id, updateId: 'cancel', updateName: 'cancelRun', updateArguments: [] },
    });
    await look({ kind: 'closed', how: 'TERMINATED', result: null });
    expect((await use().client.getRun(run.id)).status).toMatchObject({ kind: 'ended', ending: 'cancelled' });
    expect(await use().client.listStages(run.id)).toMatchObject([
      { name: 'build', status: { ending: 'cancelled' } },
      { name: 'test', status: { ending: 'not-run' } },
    ]);
  });

  test('a gate of a run that is ended asks nobody any more', async () => {
    await endAll();
    const api = use();
    api.usePlan(createPlan([createGatePlan('ship'), createGatePlan('later', { needs: needs('ship') })]));
    const run = await api.client.startRun(api.request());
    await expect.poll(async () => (await api.database`SELECT id FROM outbox WHERE run_id = ${run.id}`).length).toBe(0);
    const status = { kind: 'waiting' as const, reason: { code: 'gate', message: 'waits for a decision' } };
    const gate = { name: 'ship', status, openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [] };
    await playBatch(api, run, 1, { gates: [gate], nodes: [node('ship', status)], run: running });
    expect((await api.client.getRun(run.id)).gatesWaiting).toEqual(['ship']);
    await look({ kind: 'closed', how: 'TERMINATED', result: null });
    expect(await api.client.getRun(run.id)).toMatchObject({ status: { ending: 'errored' }, gatesWaiting: [] });
    expect(await api.client.listGates(run.id)).toMatchObject([
      { name: 'later', status: { kind: 'ended', ending: 'not-run' } },
      { name: 'ship', status: { kind: 'ended', ending: 'errored', reason: { code: 'workflow-lost' } } },
    ]);
    expect(await api.database`SELECT id FROM gates WHERE run_id = ${run.id} AND status_kind = 'waiting'`).toEqual([]);
  });

  test('a run whose workflow is gone is errored and says why; nothing of it is shown as running', async () => {
    await endAll();
    const run = await startRun();
    expect(await look({ kind: 'closed', how: 'TERMINATED', result: null })).toMatchObject({ ended: [run.id] });
    expect(await use().client.getRun(run.id)).toMatchObject({
      status: { kind: 'ended', ending: 'errored', reason: { code: 'workflow-lost' } },
    });
    expect(await use().client.listStages(run.id)).toMatchObject([
      { name: 'build', status: { ending: 'errored' } },
      { name: 'test', status: { ending: 'not-run' } },
    ]);
  });

  test('a run whose workflow came to its end gets that end', async () => {
    await endAll();
    const run = await startRun();
    const { result } = node('build', ended('passed'), { tag: 'v1' });
    if (!result) throw new Error('an ended node has a result');
    const results = { build: result, test: { ...result, ending: 'skipped' as const } };
    await look({ kind: 'closed', how: 'COMPLETED', result: { ending: 'passed', results } });
    expect((await use().client.getRun(run.id)).status).toMatchObject({ ending: 'passed' });
    expect(await use().client.listStages(run.id)).toMatchObject([
      { outputs: { tag: 'v1' }, status: { ending: 'passed' } },
      { status: { ending: 'skipped' } },
    ]);
  });

  test('sealed secrets go once their run is over or was never written down', async () => {
    await endAll();
    const [open, over] = [await startRun(), await startRun()];
    await playBatch(use(), over, 2, { run: ended('passed') });
    const { secrets } = use().context.stores;
    const lost = randomUUID();
    for (const runId of [open.id, over.id, lost]) await secrets.seal(runId, { A: 'x' });
    const { database } = use();
    const workflows = {
      ...{ find: async () => ({ kind: 'open' as const }), listOpen: () => listOpen([]) },
      ...{ countOpen: async () => 0, listReported: () => listOpen([]) },
    };
    await reconcile({ database, workflows, hosts: [], secrets }, 60_000);
    expect((await secrets.list(-60_000)).toSorted()).toEqual([open.id, over.id, lost].toSorted());
    await database`DELETE FROM sweeps`;
    expect(await look({ kind: 'open' })).toMatchObject({ troubles: [] });
    expect(await secrets.list(-60_000)).toEqual([open.id]);
    expect(await listSweeps(database)).toMatchObject([{ kind: 'secrets', removed: 2 }]);
  });

  test('what ended and unknown runs left on a host is removed, what open runs have is not', async () => {
    await endAll();
    const [open, over] = [await startRun(), await startRun()];
    await playBatch(use(), over, 2, { run: ended('passed') });
    await use().database`DELETE FROM sweeps`;
    const removed: string[] = [];
    const unknown = '00000000-0000-7000-8000-00000000ffff';
    const host: ExecutorHost = {
      kind: 'fake',
      check: async () => null,
      openRun: async () => {},
      closeRun: async (runId) => void removed.push(runId),
      sweep: async () => {},
      listRuns: async () => [open.id, over.id, unknown],
    };
    const broken: ExecutorHost = { ...host, listRuns: () => Promise.reject(new Error('no daemon')) };
    expect(await look({ kind: 'open' }, [broken, host])).toMatchObject({
      reaped: [over.id, unknown],
      troubles: [expect.stringContaining('no daemon')],
    });
    expect(removed).toEqual([over.id, unknown]);
    expect(await listSweeps(use().database)).toMatchObject([{ kind: 'hosts', removed: 2 }]);
  });

  test('a run that somebody had paused when it came to stand still is paused by the same person again', async () => {
    await endAll();
    const run = await startRun();
    const reason = { code: 'paused', message: 'paused by user:ann', values: { by: 'user:ann' } };
    await playBatch(use(), run, 2, { run: { kind: 'paused', reason } });
    await look({ kind: 'stuck' });
    expect((await use().client.getRun(run.id)).status).toMatchObject({ reason: { code: 'engine-code-changed' } });
    await look({ kind: 'open' });
    expect((await use().client.getRun(run.id)).status).toEqual({ kind: 'paused', reason });
  });

  test('a workflow that no open run stands for is told of until it is gone, and left alone', async () => {
    await endAll();
    const [open, over] = [await startRun(), await startRun()];
    await playBatch(use(), over, 2, { run: ended('passed') });
    const { database } = use();
    await database`UPDATE runs SET ended_at = now() - interval '1 hour' WHERE id = ${over.id}`;
    const unknown = randomUUID();
    await look({ kind: 'open' }, [], [open.id, over.id, unknown]);
    const found = await listFindings(database);
    expect(found.map(({ kind, subject }) => `${kind} ${subject}`).toSorted()).toEqual(
      [`workflow-of-ended-run ${over.id}`, `workflow-without-run ${unknown}`].toSorted(),
    );
    await look({ kind: 'open' }, [], [open.id, over.id]);
    const left = await listFindings(database);
    expect(left).toMatchObject([
      { subject: over.id, firstSeenAt: found.find((each) => each.subject === over.id)?.firstSeenAt },
    ]);
    await look({ kind: 'open' });
    expect(await listFindings(database)).toEqual([]);
  });

  test('what could not be compared is a finding, and what was found before stays until it can', async () => {
    const { database } = use();
    const broken: ExecutorHost = {
      kind: 'fake',
      check: async () => null,
      openRun: async () => {},
      closeRun: async () => {},
      sweep: async () => {},
      listRuns: () => Promise.reject(new Error('no daemon')),
    };
    await look({ kind: 'open' }, [broken]);
    expect(await listFindings(database)).toMatchObject([
      { kind: 'not-compared', subject: 'host fake', message: 'no daemon' },
    ]);
    await look({ kind: 'open' });
    expect(await listFindings(database)).toEqual([]);
  });

  test('a place that nobody holds any more is given back', async () => {
    await endAll();
    const run = await startRun();
    const { database } = use();
    await playBatch(use(), run, 2, { nodes: [node('build', ended('passed'))] });
    await database`
      INSERT INTO slots (workspace_id, run_id, stage, priority, taken_at)
      SELECT workspace_id, id, 'build', 3, now() FROM runs WHERE id = ${run.id}`;
    expect(await look({ kind: 'open' })).toMatchObject({ freed: 1 });
    expect(await database`SELECT stage FROM slots`).toEqual([]);
  });

  test('a host that an ended run never left is given back, one with a lease not before it could come back', async () => {
    await endAll();
    const run = await startRun();
    const { database } = use();
    for (const [host, leaseMs] of Object.entries({ alone: 0, leased: 30_000 })) {
      await database`
        INSERT INTO host_claims (run_id, host_id, queue, lease_ms, renewed_at)
        VALUES (${run.id}, ${host}, ${host}, ${leaseMs}, now())`;
    }
    const held = () => database`SELECT host_id FROM host_claims WHERE NOT released ORDER BY host_id`;
    await look({ kind: 'open' });
    expect(await held()).toEqual([{ hostId: 'alone' }, { hostId: 'leased' }]);
    await endAll();
    await look({ kind: 'open' });
    expect(await held()).toEqual([{ hostId: 'leased' }]);
  });
});

async function* listOpen(runIds: readonly string[]) {
  yield* runIds;
}
