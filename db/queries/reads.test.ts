import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMigratedDatabase, type TestDatabases } from '#test/env/databases.ts';
import { joinPostgres } from '#test/env/shared-postgres.ts';
import type { Database } from '../client.ts';
import { idAt } from '../id.ts';
import { inScope, type Scoped } from '../scope.ts';
import { findRun, findRunByNumber } from './find-run.ts';
import { listBroken, listFirstBroken, listGatesOf, listNewestDecisions, listRunsOf } from './inbox.ts';
import { listLastRuns, listPipelines, listRecentRuns, listStandingRuns } from './list-pipelines.ts';
import { countRuns, listRuns, type RunFilter } from './list-runs.ts';
import { searchPipelines, searchRuns } from './search.ts';

const RUNS = 100_000;
const PIPELINES = 500;
const WORKSPACES = 20;
/** Rows that a page of 50 may cost, with those of its indexes that a filter then drops. */
const MOST_ROWS = 3_000;

const ORGANIZATION = '10000000-0000-7000-8000-000000000000';
const idOf = (kind: number, index: number) => `${kind}0000000-0000-7000-8000-${String(index).padStart(12, '0')}`;
/** Somebody in three of the workspaces. */
const SCOPE = {
  callerId: 'user:ann',
  organizationIds: [ORGANIZATION],
  workspaceIds: [0, 1, 2].map((index) => idOf(2, index)),
};
const NEEDY = { workspace: null, name: null, origin: null, enabled: null, needsAttention: true };
const ALL: RunFilter = {
  ...{ workspace: null, pipeline: null, status: null, ending: null, branch: null, startedBy: null, number: null },
};
/** One that has a default branch, one that has none, and one whose default branch has only its first three runs. */
const NEVER_PASSED = [40, 60].map((index) => idOf(3, index));
const LONG_AGO = idOf(3, 80);
const BEGUN = Date.parse('2026-01-01T00:00:00Z');

describe('reads at 100,000 runs', () => {
  let server: TestDatabases;
  let database: Database;
  beforeAll(async () => {
    server = await joinPostgres();
    ({ database } = await createMigratedDatabase(server));
    await seed(database);
  }, 120_000);
  afterAll(async () => {
    await database.end({ timeout: 1 });
    await server.stop();
  });

  /** What the work read of the tables that grow, by the server's own counters of the transaction. */
  const measure = (work: (scoped: Scoped) => Promise<unknown>) =>
    inScope(database, SCOPE, async (scoped) => {
      const before = await readCounters(scoped);
      const found = await work(scoped);
      const after = await readCounters(scoped);
      return { found, scans: after.scans - before.scans, rows: after.rows - before.rows };
    });

  const middle = { direction: 'older' as const, id: idAt(BEGUN + (RUNS / 2) * 1_000) };
  const last = { direction: 'newer' as const, id: idAt(BEGUN + 1_000) };
  /** `most`: rows it may read; all runs of fifty pipelines that have 200 each are cheaper than 30 looks into an index. */
  const cases: [string, (scoped: Scoped) => Promise<unknown>, most?: number][] = [
    ['the first page of runs', (scoped) => listRuns(scoped, ALL, null, 50)],
    ['a page in the middle', (scoped) => listRuns(scoped, ALL, middle, 50)],
    ['a page backward from the end', (scoped) => listRuns(scoped, ALL, last, 50)],
    ['runs of a workspace', (scoped) => listRuns(scoped, { ...ALL, workspace: 'acme/w1' }, null, 50)],
    ['runs of a pipeline by name', (scoped) => listRuns(scoped, { ...ALL, pipeline: 'p-21' }, null, 50)],
    ['runs of a pipeline by id', (scoped) => listRuns(scoped, { ...ALL, pipeline: idOf(3, 21) }, null, 50)],
    ['running runs', (scoped) => listRuns(scoped, { ...ALL, status: 'running' }, null, 50)],
    ['ended runs', (scoped) => listRuns(scoped, { ...ALL, status: 'ended' }, null, 50)],
    ['failed runs', (scoped) => listRuns(scoped, { ...ALL, ending: 'failed' }, null, 50)],
    ['runs of a rare ending', (scoped) => listRuns(scoped, { ...ALL, ending: 'rejected' }, null, 50)],
    ['runs of a branch', (scoped) => listRuns(scoped, { ...ALL, branch: 'branch-7' }, null, 50)],
    ['runs of a branch that nobody has', (scoped) => listRuns(scoped, { ...ALL, branch: 'none' }, null, 50)],
    ['runs that somebody started', (scoped) => listRuns(scoped, { ...ALL, startedBy: 'user:u3' }, null, 50)],
    ['runs of a number', (scoped) => listRuns(scoped, { ...ALL, number: 17 }, null, 50)],
    ['runs of all but one branch', (scoped) => listRuns(scoped, { ...ALL, not: { branches: ['branch-7'] } }, null, 50)],
    ['runs that passed not', (scoped) => listRuns(scoped, { ...ALL, not: { states: ['passed'] } }, null, 50)],
    ['how many runs failed', (scoped) => countRuns(scoped, { ...ALL, ending: 'failed' }, 1_000)],
    ['a run by its label', (scoped) => findRun(scoped, 'p-21#17')],
    ['the last run', (scoped) => findRun(scoped, '@last')],
    ['a run by its number', (scoped) => findRunByNumber(scoped, idOf(3, 21), '17')],
    ['the last runs of fifty pipelines', (scoped) => loadPipelines(scoped), 12_000],
    ['pipelines by how long they take', (scoped) => sortPipelines(scoped), 20_000],
    ['broken pipelines', (scoped) => listBroken(scoped, 50)],
    ['since when pipelines that never passed are broken', (scoped) => listFirstBroken(scoped, NEVER_PASSED), 20],
    ['since when a branch of long ago is broken', (scoped) => listFirstBroken(scoped, [LONG_AGO]), 20],
    ['how fifty pipelines stand', (scoped) => loadStanding(scoped), 100],
    ['how one stands whose default branch ran long ago', (scoped) => listStandingRuns(scoped, [LONG_AGO]), 5],
    ['pipelines that need attention', (scoped) => listPipelines(scoped, NEEDY, null, 50), 500],
    ['the last decisions', (scoped) => listNewestDecisions(scoped, 5), 50],
    ['gates that ask', (scoped) => listGatesOf(scoped, SCOPE.workspaceIds, 200)],
    ['my runs of a day', (scoped) => listRunsOf(scoped, 'user:u3', BEGUN + (RUNS - 86_400) * 1_000, 50)],
    ['a search by number', (scoped) => searchRuns(scoped, 17, null, 20)],
    ['a search by pipeline and number', (scoped) => searchRuns(scoped, 17, 'p-2', 20)],
    ['a search by name', (scoped) => searchPipelines(scoped, 'p-2', 20)],
  ];

  test.each(cases)('%s are found by an index', async (_, work, most = MOST_ROWS) => {
    const { found, scans, rows } = await measure(work);
    expect(scans).toBe(0);
    expect(rows).toBeLessThan(most);
    expect(found).toBeDefined();
  });

  test('the counters tell what was read', async () => {
    const { rows } = await measure((scoped) => scoped`SELECT count(*) FROM runs WHERE max_parallel = 7`);
    expect(rows).toBeGreaterThan(MOST_ROWS);
  });
});

/** Of this connection since the server last took them over, which it does between transactions alone. */
async function readCounters(scoped: Scoped): Promise<{ scans: number; rows: number }> {
  const [row] = await scoped<{ scans: number; rows: number }[]>`
    SELECT coalesce(sum(seq_scan), 0)::int AS scans, coalesce(sum(idx_tup_fetch), 0)::int AS rows
    FROM pg_stat_xact_user_tables WHERE relname IN ('runs', 'gates', 'stages', 'decisions')`;
  if (!row) throw new Error('a sum answers a row');
  return row;
}

/** All that can be asked of the runs of each. */
function sortPipelines(scoped: Scoped): Promise<unknown> {
  const last = { branch: null, notBranches: ['none'] };
  const standing = { state: null, notStates: ['rejected' as const] };
  const filter = { ...NEEDY, last, standing };
  return listPipelines(scoped, { ...filter, sort: { by: 'median', isDescending: true } }, null, 50);
}

async function loadPipelines(scoped: Scoped): Promise<unknown> {
  const rows = await listPipelines(scoped, { workspace: null, name: null, origin: null, enabled: null }, null, 50);
  const ids = (rows ?? []).map((row) => row.id);
  return [await listLastRuns(scoped, ids), await listRecentRuns(scoped, ids)];
}

async function loadStanding(scoped: Scoped): Promise<unknown> {
  const rows = (await listPipelines(scoped, { ...NEEDY, needsAttention: false }, null, 50)) ?? [];
  const found = await listStandingRuns(
    scoped,
    rows.map(({ id }) => id),
  );
  expect(found.map(({ pipelineId }) => pipelineId).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  return found;
}

/** A second between two runs; each pipeline of a workspace in turn. */
async function seed(database: Database): Promise<void> {
  await database.begin(async (transaction) => {
    await transaction`INSERT INTO organizations (id, name) VALUES (${ORGANIZATION}, 'acme')`;
    await transaction`
      INSERT INTO workspaces (id, organization_id, name)
      SELECT ('20000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, ${ORGANIZATION}::uuid, 'w' || i
      FROM generate_series(0, ${WORKSPACES - 1}::int) AS i`;
    await transaction`
      INSERT INTO pipelines (id, workspace_id, origin, path, name, version, default_branch)
      SELECT ('30000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid,
        ('20000000-0000-7000-8000-' || lpad((i % ${WORKSPACES}::int)::text, 12, '0'))::uuid, 'server', 'p.kdl', 'p-' || i, 1,
        CASE WHEN i = 80 THEN 'long-ago' WHEN i % 3 > 0 THEN 'branch-' || i % 40 END
      FROM generate_series(0, ${PIPELINES - 1}::int) AS i`;
    await transaction`
      INSERT INTO runs (id, workspace_id, pipeline_id, pipeline_version, scope, number, attempt, label, trigger,
        started_by, branch, params, notices, plan, plan_digest, file, source, environment, env_file, status, status_kind,
        ending, created_at)
      SELECT
        (left(hex, 8) || '-' || right(hex, 4) || '-7000-8000-' || lpad(i::text, 12, '0'))::uuid,
        pipelines.workspace_id, pipelines.id, 1, pipelines.id::text, i / ${PIPELINES}::int + 1, 1,
        pipelines.name || '#' || (i / ${PIPELINES}::int + 1), 'manual', 'user:u' || i % 50,
        CASE WHEN i IN (80, 580, 1080) THEN 'long-ago' ELSE 'branch-' || i % 40 END, '{}',
        '[]', '{}', '', 'p.kdl', '{}', '{}', '{}', '{}',
        (CASE WHEN i % 500 = 7 THEN 'running' ELSE 'ended' END)::status_kind,
        (CASE WHEN i % 500 = 7 THEN NULL WHEN i % 1000 = 1 THEN 'rejected' WHEN i % 7 = 0 OR i % 500 IN (40, 60) OR i = 1080
          THEN 'failed' ELSE 'passed'
          END)::ending,
        to_timestamp(${BEGUN / 1_000}::float8 + i)
      FROM generate_series(0, ${RUNS - 1}::int) AS i
        CROSS JOIN LATERAL (SELECT lpad(to_hex(${BEGUN}::bigint + i * 1000::bigint), 12, '0') AS hex) AS moment
        JOIN pipelines ON pipelines.name = 'p-' || i % ${PIPELINES}::int`;
    await transaction`
      INSERT INTO gates (id, run_id, seq, name, rules, status, status_kind, unmet, opened_at)
      SELECT gen_random_uuid(), id, 1, 'ship', '{"approve":[]}', '{}',
        (CASE WHEN number % 50 = 0 THEN 'waiting' ELSE 'ended' END)::status_kind, '[]', created_at
      FROM runs WHERE number % 10 = 0`;
    await transaction`
      INSERT INTO decisions (gate_id, id, decision, at) SELECT id, 'd', '{}', created_at FROM gates`;
  });
  await database`ANALYZE`;
}
