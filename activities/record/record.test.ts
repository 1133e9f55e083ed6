import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttemptResult } from '#core/attempt.ts';
import type { Status } from '#core/run.ts';
import { NO_REPORT } from '#core/test-report.ts';
import { startApi, type TestApi } from '#test/env/api.ts';
import { type TestDatabases } from '#test/env/databases.ts';
import { createPlan, createStagePlan, needs } from '#test/env/plan.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import { createAttemptRecords } from './attempt-records.ts';
import { createClaimRecords } from './claim-records.ts';
import type { AttemptEnd, AttemptRecords } from './port.ts';
import { createRunRecords } from './run-records.ts';

const AT = '2026-01-02T03:04:05.000Z';

describe('records', () => {
  let server: TestDatabases;
  let api: TestApi;
  let attempts: AttemptRecords;
  let runs: ReturnType<typeof createRunRecords>;
  beforeAll(async () => {
    server = await joinPostgres();
    api = await startApi(server);
    attempts = createAttemptRecords(api.database);
    runs = createRunRecords(api.database, false);
  });
  afterAll(async () => {
    await api.stop();
    await server.stop();
  });

  const start = async () => {
    api.usePlan(createPlan([createStagePlan('build'), createStagePlan('test', { needs: needs('build') })]));
    const run = await api.client.startRun(api.request());
    const stage = async (name = 'build') => {
      const stages = await api.client.listStages(run.id);
      return stages.find((other) => other.name === name);
    };
    return { run, stage };
  };
  const claimOf = async (input: Parameters<typeof runs.claimRun>[0]) => {
    const claim = await runs.claimRun(input);
    if (typeof claim === 'boolean') throw new Error('a claim says more than a boolean');
    return claim;
  };
  const batch = (runId: string, version: number, status: Status, run: Status | null = null) =>
    runs.recordBatch({ runId, version, at: AT, run, nodes: [{ name: 'build', status, result: null }], gates: [] });

  test('a transition older than the row changes nothing', async () => {
    const { run, stage } = await start();
    await batch(run.id, 5, { kind: 'queued', since: AT });
    await batch(run.id, 4, { kind: 'waiting', reason: { code: 'needs', message: 'late' } });
    expect((await stage())?.status.kind).toBe('queued');
  });

  test('what an activity writes stands before the next transition and behind its own', async () => {
    const { run, stage } = await start();
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 6 };
    await attempts.attemptStarted(key, { startedAt: AT, hostId: 'h' });
    await batch(run.id, 6, { kind: 'queued', since: AT });
    expect((await stage())?.status.kind).toBe('running');
    await batch(run.id, 7, { kind: 'cancelling', since: AT });
    await attempts.attemptEnded(key, createEnd('passed'));
    expect(await stage()).toMatchObject({
      status: { kind: 'cancelling' },
      attempts: [{ status: { ending: 'passed' } }],
    });
  });

  test('what a stage waits for before it begins is shown, leaves no history, and is nothing once it has begun', async () => {
    const { run, stage } = await start();
    await batch(run.id, 5, { kind: 'queued', since: AT });
    const events = async () => (await api.database`SELECT 1 FROM events WHERE run_id = ${run.id}`).length;
    const before = await events();
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 6 };
    const reason = { code: 'image-pull', message: 'pulling image node:24, 41 of 120 MB' };
    await attempts.attemptPreparing(key, reason);
    expect(await stage()).toMatchObject({ status: { kind: 'queued', since: AT, reason }, attempts: [] });
    expect(await events()).toBe(before);
    await attempts.attemptStarted(key, { startedAt: AT, hostId: 'h' });
    await attempts.attemptPreparing(key, reason);
    expect((await stage())?.status.kind).toBe('running');
    await batch(run.id, 7, { kind: 'queued', since: AT });
    await attempts.attemptPreparing(key, reason);
    expect((await stage())?.status).toEqual({ kind: 'queued', since: AT });
  });

  test('the first result of an attempt stands', async () => {
    const { run } = await start();
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 2 };
    expect(await attempts.findAttemptStart(key)).toBeNull();
    await attempts.attemptStarted(key, { startedAt: AT, hostId: 'h' });
    expect(await attempts.findAttemptStart(key)).toBe(AT);
    const [first, second] = [createEnd('passed'), createEnd('failed')];
    expect(await attempts.attemptEnded(key, first)).toEqual(first.result);
    expect(await attempts.attemptEnded(key, second)).toEqual(first.result);
    expect(await attempts.findAttemptResult(key)).toEqual(first.result);
  });

  test('images of services stand from the begin on, and who took over without knowing them forgets none', async () => {
    const { run, stage } = await start();
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 2 };
    const told = async () => (await stage())?.attempts.map(({ image, serviceImages }) => ({ image, serviceImages }));
    const images = { image: 'sha256:aa', serviceImages: { db: 'sha256:dd' } };
    await attempts.attemptStarted(key, { startedAt: AT, hostId: 'h', ...images });
    expect(await told()).toEqual([images]);
    await attempts.attemptStarted({ ...key, version: 3 }, { startedAt: AT, hostId: 'h', image: 'sha256:aa' });
    await attempts.attemptEnded({ ...key, version: 3 }, createEnd('passed'));
    expect(await told()).toEqual([images]);
    const next = { ...key, attempt: 2, version: 4 };
    await attempts.attemptEnded(next, { ...createEnd('failed'), serviceImages: { db: 'sha256:ee' } });
    expect(await told()).toEqual([images, { image: null, serviceImages: { db: 'sha256:ee' } }]);
  });

  test('text with NUL and lone surrogates is kept', async () => {
    const { run, stage } = await start();
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 2 };
    const outputs = { odd: 'a\u0000b\ud800c' };
    await attempts.attemptEnded(key, createEnd('passed', { outputs }));
    expect((await stage())?.outputs).toEqual(outputs);
  });

  test('a sign of life of an overtaken worker changes nothing', async () => {
    const { run, stage } = await start();
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 2 };
    await attempts.attemptStarted(key, { startedAt: AT, hostId: 'h' });
    await attempts.attemptHeartbeat(key, '2026-01-02T03:04:15.000Z');
    expect((await stage())?.status).toMatchObject({ heartbeatAt: '2026-01-02T03:04:15.000Z' });
    await attempts.attemptStarted({ ...key, attempt: 2, version: 9 }, { startedAt: AT, hostId: 'other' });
    await attempts.attemptHeartbeat(key, '2026-01-02T03:05:15.000Z');
    expect(await stage()).toMatchObject({
      status: { kind: 'running', attempt: 2, heartbeatAt: AT },
      attempts: [{ status: { kind: 'ended', ending: 'errored', reason: { code: 'host-lost' } } }, { attempt: 2 }],
    });
  });

  test('an attempt without an end is over when its stage is', async () => {
    const { run, stage } = await start();
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 2 };
    await attempts.attemptStarted(key, { startedAt: AT, hostId: 'h' });
    const reason = { code: 'host-lost', message: 'gone' };
    await batch(run.id, 3, { kind: 'ended', ending: 'errored', reason, at: AT });
    expect((await stage())?.attempts).toMatchObject([{ status: { kind: 'ended', ending: 'errored', reason } }]);
  });

  test('every write has a seq of its own, also at once', async () => {
    const { run } = await start();
    const versions = Array.from({ length: 20 }, (_, index) => index + 1);
    await Promise.all(versions.map((version) => batch(run.id, version, { kind: 'queued', since: AT })));
    const row = await api.client.getRun(run.id);
    expect(row.seq).toBe(run.seq + 20);
  });

  test('an ended run is never written again', async () => {
    const { run } = await start();
    const ended: Status = { kind: 'ended', ending: 'passed', reason: null, at: AT };
    await batch(run.id, 3, ended, ended);
    await batch(run.id, 4, ended, { kind: 'running', attempt: 1, since: AT, heartbeatAt: AT });
    expect(await api.client.getRun(run.id)).toMatchObject({ status: ended, endedAt: AT });
  });

  test('a run is claimed by one execution', async () => {
    const { run } = await start();
    const claim = async (workflowRunId: string) => (await claimOf({ runId: run.id, workflowRunId })).isOurs;
    expect(await claim('a')).toBe(true);
    expect(await claim('a')).toBe(true);
    expect(await claim('b')).toBe(false);
    expect(await api.client.getRun(run.id)).toMatchObject({ seq: run.seq, status: { kind: 'queued' } });
    expect((await claimOf({ runId: '00000000-0000-7000-8000-00000000ffff', workflowRunId: 'a' })).isOurs).toBe(false);
  });

  test('a run begins with its claim, once, and never after what is newer', async () => {
    const { run } = await start();
    const begin: Status = { kind: 'running', attempt: 1, since: AT, heartbeatAt: AT };
    const claim = (workflowRunId: string, version: number) =>
      claimOf({ runId: run.id, workflowRunId, begin: { version, status: begin } });
    expect(await claim('a', 1)).toEqual({ isOurs: true, isOnlyHost: false });
    const begun = await api.client.getRun(run.id);
    expect(begun).toMatchObject({ status: begin, seq: run.seq + 1 });
    expect(await claim('a', 1)).toMatchObject({ isOurs: true });
    expect(await claim('b', 2)).toMatchObject({ isOurs: false });
    expect((await api.client.getRun(run.id)).seq).toBe(begun.seq);
    const { run: other } = await start();
    await batch(other.id, 2, { kind: 'queued', since: AT }, { kind: 'cancelling', since: AT });
    await claimOf({ runId: other.id, workflowRunId: 'c', begin: { version: 1, status: begin } });
    expect((await api.client.getRun(other.id)).status.kind).toBe('cancelling');
    const events =
      await api.database`SELECT status ->> 'kind' AS kind FROM events WHERE run_id = ${run.id} ORDER BY seq`;
    expect(events.map(({ kind }) => kind)).toEqual(['queued', 'running']);
  });

  test('a claim that is renewed is not lost, and a lost one is not renewed', async () => {
    const claims = createClaimRecords(api.database);
    const { run } = await start();
    const claim = { runId: run.id, hostId: 'host-1', queue: 'q', leaseMs: 60_000 };
    expect(await claims.claimHost(claim)).toBe(1);
    // Again is no second one.
    expect(await claims.claimHost(claim)).toBe(1);
    expect(await claims.renewClaims('host-1')).toEqual({ renewed: [run.id], lost: [] });
    expect(await claims.loseClaim(claim)).toMatchObject({ isLost: false });
    expect(await claims.renewClaims('host-1')).toEqual({ renewed: [run.id], lost: [] });
    await api.database`UPDATE host_claims SET renewed_at = now() - interval '40 seconds' WHERE run_id = ${run.id}`;
    expect(await claims.loseClaim(claim)).toEqual({ isLost: true, remainingMs: 30_000 });
    expect(await claims.renewClaims('host-1')).toEqual({ renewed: [], lost: [run.id] });
    await expect(claims.claimHost(claim)).rejects.toMatchObject({ fault: { code: 'host-lost' } });
    await claims.releaseClaim(claim);
    expect(await claims.renewClaims('host-1')).toEqual({ renewed: [], lost: [] });
  });

  test('a claim that was renewed in the future, for the database’s clock was set back since, counts from now', async () => {
    const claims = createClaimRecords(api.database);
    const { run } = await start();
    const claim = { runId: run.id, hostId: 'host-2', queue: 'q', leaseMs: 60_000 };
    await claims.claimHost(claim);
    const renewed = async (ago: string) => {
      await api.database`UPDATE host_claims SET renewed_at = now() - ${ago}::interval WHERE run_id = ${run.id}`;
    };
    await renewed('-1 hour');
    expect(await claims.loseClaim(claim)).toMatchObject({ isLost: false });
    const [row] = await api.database`SELECT renewed_at <= now() AS is_past FROM host_claims WHERE run_id = ${run.id}`;
    expect(row?.['isPast']).toBe(true);
    await renewed('1 hour');
    // Set on: who lives has the other half of its lease to hear of it.
    expect(await claims.loseClaim(claim)).toEqual({ isLost: true, remainingMs: 30_000 });
    await claims.releaseClaim(claim);
  });

  test('the context of an unknown run is a fault', async () => {
    await expect(attempts.findRunContext('00000000-0000-7000-8000-00000000ffff')).rejects.toMatchObject({
      fault: { code: 'run-unknown' },
    });
  });

  test('an end takes tests of one name, and names longer than an index takes', async () => {
    const { run } = await start();
    const key = { runId: run.id, stage: 'build', attempt: 1, version: 3 };
    await attempts.attemptStarted(key, { startedAt: AT, hostId: 'h' });
    // Random, for what an index holds is compressed.
    const name = Array.from({ length: 300 }, () => randomUUID()).join('');
    const test = { suite: 's', name, outcome: 'passed' as const, durationMs: 1, message: null, trace: null };
    const tests = [1, 2].map((line) => ({ ...test, file: null, line, flaky: false }));
    await attempts.attemptEnded(key, { ...createEnd('passed'), report: { ...NO_REPORT, tests } });
    const rows = await api.database`SELECT line FROM test_results WHERE run_id = ${run.id} ORDER BY line`;
    expect(rows.map(({ line }) => line)).toEqual([1, 2]);
  });
});

function createEnd(ending: AttemptResult['ending'], changes: Partial<AttemptResult> = {}): AttemptEnd {
  const result: AttemptResult = {
    ...{ attempt: 1, ending, exitCode: ending === 'passed' ? 0 : 1, started: true, logMatches: [], faultCode: null },
    ...{ step: null, reason: null, fault: null, outputs: {}, artifacts: [], startedAt: AT, endedAt: AT, ...changes },
  };
  return {
    result,
    settlement: { kind: 'ended', ending },
    log: { bytes: 10, lines: 1 },
    artifacts: [],
    report: NO_REPORT,
  };
}
