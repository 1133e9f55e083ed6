import { v7 as createId } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMigratedDatabase, type TestDatabases } from '#test/env/databases.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import type { Database } from '../client.ts';
import { inScope, type Scoped } from '../scope.ts';
import { listAuditEvents } from './audit.ts';
import { listQuotaPeaks, listWaitingStages } from './quota-peaks.ts';
import { listQuotas, setQuota } from './quotas.ts';

const organizationId = '00000000-0000-7000-8000-000000000001';
const workspaceId = '00000000-0000-7000-8000-000000000002';
const scope = { callerId: 'user:ann', organizationIds: [organizationId], workspaceIds: [workspaceId] };

describe('what a workspace has used', () => {
  let server: TestDatabases;
  let database: Database;
  beforeAll(async () => {
    server = await joinPostgres();
    ({ database } = await createMigratedDatabase(server));
    const pipelineId = createId();
    await database`
      INSERT INTO pipelines (id, workspace_id, origin, path, name) VALUES (${pipelineId}, ${workspaceId}, 'local', '/a', 'a')`;
    const insertRun = async (at: Date, minutes: readonly [number, number | null][]) => {
      const id = createId({ msecs: at.getTime() });
      await database`
        INSERT INTO runs (id, workspace_id, pipeline_id, scope, number, attempt, label, trigger, started_by, params, notices,
          plan, plan_digest, file, source, environment, env_file, status, status_kind)
        SELECT ${id}, ${workspaceId}, ${pipelineId}, 'local', count(*) + 1, 1, ${id}, 'local', 'user:ann', '{}', '[]', '{}',
          '', '', '{}', '{}', '{}', '{}', 'running' FROM runs`;
      for (const [index, [from, to]] of minutes.entries()) {
        const stage = `s${index}`;
        await database`
          INSERT INTO stages (id, run_id, kind, name, stage, position, needs, run_on, status, status_kind, outputs, artifacts,
            seq)
          VALUES (${createId()}, ${id}, 'stage', ${stage}, ${stage}, ${index}, '[]', 'success', '{}',
            ${to === null ? 'running' : 'ended'}, '{}', '[]', 1)`;
        await database`
          INSERT INTO attempts (run_id, stage, attempt, status, started_at, ended_at, order_key)
          VALUES (${id}, ${stage}, 1, '{}', ${minuteOf(at, from)}, ${to === null ? null : minuteOf(at, to)}, 1)`;
      }
      return id;
    };
    const now = new Date();
    // Two ended stages of 3 and 4 minutes today; one that began 2 minutes before the month and ended 5 minutes into it.
    const id = await insertRun(now, [
      [-3, 0],
      [-4, 0],
      [0, null],
    ]);
    await insertRun(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())), [[-2, 5]]);
    await database`
      INSERT INTO artifacts (id, run_id, stage, attempt, name, files, bytes, reference)
      VALUES (${createId()}, ${id}, 's0', 1, 'a', 1, 100, '{}'), (${createId()}, ${id}, 's0', 1, 'b', 1, 23, '{}')`;
  });
  afterAll(async () => {
    await database.end({ timeout: 1 });
    await server.stop();
  });

  const used = (scoped: Scoped, counted?: 'all' | 'limited') =>
    listQuotas(scoped, workspaceId, counted).then((rows) =>
      Object.fromEntries(rows.map((row) => [row.kind, row.used])),
    );

  test('is counted of the day, of the month and of what is there', async () => {
    const found = await inScope(database, scope, (scoped) => used(scoped));
    const isFirstOfMonth = new Date().getUTCDate() === 1;
    expect(found).toMatchObject({
      ...{ 'stages-at-once': 1, 'runs-a-day': isFirstOfMonth ? 2 : 1, 'storage-bytes': 123 },
    });
    // Of the last stage only what lies in the month.
    expect(found['minutes-a-month']).toBeGreaterThanOrEqual(12);
    expect(found['minutes-a-month']).toBeLessThanOrEqual(13);
  });

  test('has a greatest of 30 days, and names who waits in the order of places', async () => {
    await inScope(database, scope, async (scoped) => {
      const peaks = await listQuotaPeaks(scoped, workspaceId);
      // The first two overlapped for three minutes; the third began when they ended.
      expect(peaks['stages-at-once']).toBe(2);
      expect(peaks['runs-a-day']).toBeGreaterThanOrEqual(1);
      expect(peaks['storage-bytes']).toBeUndefined();
      // Two runs with four attempts: of more than may be looked at nothing is said.
      expect(await listQuotaPeaks(scoped, workspaceId, 3)).toMatchObject({ 'stages-at-once': null });
      expect(await listQuotaPeaks(scoped, workspaceId, 1)).toEqual({ 'runs-a-day': null, 'stages-at-once': null });
      const [run] = await scoped<{ id: string; label: string }[]>`SELECT id, label FROM runs ORDER BY id DESC LIMIT 1`;
      await scoped`
        INSERT INTO slots (workspace_id, run_id, stage, priority, asked_at, taken_at)
        VALUES (${workspaceId}, ${run?.id ?? ''}, 's0', 3, now() - interval '2 minutes', NULL),
          (${workspaceId}, ${run?.id ?? ''}, 's1', 1, now(), NULL), (${workspaceId}, ${run?.id ?? ''}, 's2', 1, now(), now())`;
      const waiting = await listWaitingStages(scoped, workspaceId, 20);
      expect(waiting).toMatchObject([
        { label: run?.label, stage: 's1' },
        { label: run?.label, stage: 's0' },
      ]);
      await scoped`DELETE FROM slots`;
    });
  });

  test('is counted for an admission only where there is a limit', async () => {
    await inScope(database, scope, async (scoped) => {
      const quota = { workspaceId, kind: 'storage-bytes' as const, value: 1_000, version: 0, updatedBy: 'user:ann' };
      expect(await setQuota(scoped, quota)).toBe(true);
      expect(await used(scoped, 'limited')).toEqual({
        ...{ 'stages-at-once': 0, 'runs-a-day': 0, 'minutes-a-month': 0, 'storage-bytes': 123 },
      });
    });
  });

  test('neither it nor a page of the audit needs a walk through a table', async () => {
    const all = {
      id: null,
      actor: null,
      action: null,
      object: null,
      verdict: null,
      address: null,
      from: null,
      to: null,
    };
    const filter = { organizationId, workspaceId: null, ...all };
    await inScope(database, scope, async (scoped) => {
      // Tables of a few rows are read whole otherwise.
      await scoped`SET LOCAL enable_seqscan = off`;
      const before = await countScans(scoped);
      await listQuotas(scoped, workspaceId);
      await listAuditEvents(scoped, filter, null, 50);
      await listAuditEvents(scoped, { ...filter, workspaceId, actor: 'user:ann', verdict: 'refused' }, null, 50);
      await listAuditEvents(scoped, { ...filter, object: 'shop#1', action: 'run.start' }, null, 50);
      expect(await countScans(scoped)).toEqual(before);
    });
  });
});

function minuteOf(at: Date, minutes: number): string {
  return new Date(at.getTime() + minutes * 60_000).toISOString();
}

/** How often each table that grows was read from end to end in this transaction. */
async function countScans(scoped: Scoped): Promise<Record<string, number>> {
  const tables = ['runs', 'stages', 'attempts', 'artifacts', 'caches', 'audit_events'];
  const rows = await scoped<{ relname: string; scans: number }[]>`
    SELECT relname, seq_scan::int AS scans FROM pg_stat_xact_user_tables WHERE relname IN ${scoped(tables)}`;
  return Object.fromEntries(rows.map(({ relname, scans }) => [relname, scans]));
}
