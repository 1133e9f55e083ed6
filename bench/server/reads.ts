import { quantile } from '../quantile.ts';
import type { BenchServer } from './open-server.ts';

const RUNS = 100_000;
const ROUNDS = 200;

/** Reads with 100,000 runs of 20 pipelines behind them, one after the other as a page sends them. */
export async function measureReads(server: BenchServer): Promise<Record<string, number>> {
  await server.createPipeline('read', 'stage "build" {\n  executor "process"\n  run "true"\n}\n');
  const run = await server.call<{ id: string }>('POST', 'pipelines/read/runs', {});
  await seed(server, run.id);
  const [some] = await server.database<
    { id: string }[]
  >`SELECT id FROM runs WHERE number = 50000 AND label LIKE 'read#%'`;
  const paths = {
    'runs, first page': 'runs?workspace=main/main',
    'runs that failed': 'runs?workspace=main/main&ending=failed',
    'runs of a pipeline': 'pipelines/read/runs',
    'runs by branch': 'runs?workspace=main/main&branch=release/7',
    'a run': `runs/${some?.id}`,
    'a run by its number': 'pipelines/read/runs/77777',
    'its stages': `runs/${some?.id}/stages`,
    pipelines: 'pipelines?workspace=main/main',
    inbox: 'me/inbox',
    'search by name': 'search?q=read',
    'search by number': 'search?q=%2350000',
  };
  const results: Record<string, number> = {};
  const all: number[] = [];
  for (const [name, path] of Object.entries(paths)) {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const begun = performance.now();
      await server.call('GET', path);
      took.push(performance.now() - begun);
    }
    all.push(...took);
    results[`${name}, p50 ms`] = quantile(took, 0.5);
    results[`${name}, p99 ms`] = quantile(took, 0.99);
  }
  const together = await Promise.all(
    Object.values(paths).flatMap((path) => Array.from({ length: 20 }, () => time(server, path))),
  );
  return { ...results, 'all, p99 ms': quantile(all, 0.99), 'all, 220 at once, p99 ms': quantile(together, 0.99) };
}

async function time(server: BenchServer, path: string): Promise<number> {
  const begun = performance.now();
  await server.call('GET', path);
  return performance.now() - begun;
}

/** Copies of one accepted run with its stages, spread over time, endings and branches. */
async function seed({ database }: BenchServer, id: string): Promise<void> {
  await database.unsafe(`
    ALTER TABLE runs DISABLE TRIGGER USER; ALTER TABLE stages DISABLE TRIGGER USER;
    CREATE TEMP TABLE seeded AS SELECT n, gen_random_uuid() AS id FROM generate_series(2, ${RUNS}) AS n;
  `);
  await database.unsafe(
    copyOf('runs', await listColumns(database, 'runs'), id, {
      id: `(lpad(to_hex((extract(epoch FROM now() - interval '90 days') * 1000)::bigint + seeded.n::bigint * 70000), 12, '0') || '7' || substr(replace(seeded.id::text, '-', ''), 14))::uuid`,
      number: 'seeded.n',
      label: `'read#' || seeded.n`,
      branch: `CASE WHEN seeded.n % 3 = 0 THEN 'main' ELSE 'release/' || seeded.n % 50 END`,
      status: `json_build_object('kind', 'ended', 'ending', CASE WHEN seeded.n % 10 = 0 THEN 'failed' ELSE 'passed' END, 'reason', null, 'at', now())`,
      status_kind: `'ended'`,
      ending: `(CASE WHEN seeded.n % 10 = 0 THEN 'failed' ELSE 'passed' END)::ending`,
      ended_at: 'now()',
      started_at: 'now()',
    }),
  );
  const stageColumns = await listColumns(database, 'stages');
  await database.unsafe(`
    INSERT INTO stages (${stageColumns}) SELECT ${stageColumns} FROM (
      SELECT (json_populate_record(stages, json_build_object('id', gen_random_uuid(), 'run_id', copies.id))).*
      FROM stages, runs AS copies WHERE stages.run_id = '${id}' AND copies.label LIKE 'read#%' AND copies.id <> '${id}'
    ) AS copied;
    ALTER TABLE runs ENABLE TRIGGER USER; ALTER TABLE stages ENABLE TRIGGER USER;
    ANALYZE;
  `);
}

/** `INSERT … SELECT` of a row with some columns of its own for each seeded number. */
function copyOf(table: string, columns: string, id: string, changes: Record<string, string>): string {
  const pairs = Object.entries(changes).map(([column, value]) => `'${column}', ${value}`);
  return `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM (
    SELECT (json_populate_record(${table}, json_build_object(${pairs.join(', ')}))).*
    FROM ${table}, seeded WHERE ${table}.id = '${id}') AS copied`;
}

/** Those that can be written, for a list in SQL. */
async function listColumns(database: BenchServer['database'], table: string): Promise<string> {
  const columns = await database<{ name: string }[]>`
    SELECT column_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = ${table} AND is_generated = 'NEVER'`;
  return columns.map(({ name }) => `"${name}"`).join(', ');
}
