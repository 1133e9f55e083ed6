import { setTimeout as pause } from 'node:timers/promises';
import { takeTurns } from '../graph/turns.ts';
import type { Measures, Workload } from '../harness/workload.ts';
import { measureMemory } from '../server/memory.ts';
import type { BenchServer } from '../server/open-server.ts';
import { readProcessorMs } from '../server/processor-time.ts';
import { openIn } from './scope.ts';
import { openServerIn } from './server.ts';

const RUNS = 1_000;
/** So many are approved one by one, the others as fast as they can. */
const ALONE = 100;
/** One pass of the reconciler is in it. */
const IDLE_MS = 60_000;
const TEXT = 'gate "go" { approve from="user:bench" }\ngate "next" needs="go" { approve from="user:nobody" }\n';

/** Runs that wait for a person: what they cost meanwhile, and how soon a decision is acted on. */
export const w6: Workload = {
  id: 'w6',
  title: `${RUNS.toLocaleString('en-US')} runs wait for an approval, then all get it`,
  pace: 'long',
  limitMs: 420_000,
  open: () =>
    openIn(async (scope) => {
      const server = await openServerIn(scope);
      await server.createPipeline('waits', TEXT);
      await cancelAll(server, await startAll(server, 20));
      return [
        {
          ...{
            name: 'server',
            role: 'buildit',
            note: 'a second gate comes next, so that no program hides the workflow',
          },
          measure: () => measure(server),
        },
      ];
    }),
};

async function measure(server: BenchServer): Promise<Measures> {
  const empty = await readIdleShares(server);
  const before = measureMemory(server);
  const ids = await startAll(server, RUNS);
  const waiting = measureMemory(server);
  const grown = (what: string) => (waiting[what] ?? 0) - (before[what] ?? 0);
  const idle = await readIdleShares(server);
  const alone: number[] = [];
  for (const id of ids.slice(0, ALONE)) alone.push(await approveAndWatch(server, id));
  const begun = performance.now();
  await takeTurns(ids.slice(ALONE), 8, (id) => approve(server, id));
  await waitUntilOpen(server, 'next', RUNS);
  const all = performance.now() - begun;
  await cancelAll(server, ids);
  return {
    'decision to next gate, ms': alone,
    [`${RUNS - ALONE} approved and gone on, ms`]: all,
    'worker grew, MB': grown('worker, MB'),
    'all grew, MB': grown('all, MB'),
    'processor while they wait, %': sumOf(idle),
    'of it Temporal, %': idle['temporal'] ?? Number.NaN,
    'of it worker and API, %': (idle['worker'] ?? Number.NaN) + (idle['api'] ?? Number.NaN),
    'processor of the empty server, %': sumOf(empty),
    'of that Temporal, %': empty['temporal'] ?? Number.NaN,
  };
}

async function startAll(server: BenchServer, count: number): Promise<string[]> {
  const ids: string[] = [];
  await takeTurns(Array.from({ length: count }), 8, async () => {
    const { id } = await server.call<{ id: string }>('POST', 'pipelines/waits/runs', {});
    ids.push(id);
  });
  await waitUntilOpen(server, 'go', count);
  return ids;
}

async function cancelAll(server: BenchServer, ids: readonly string[]): Promise<void> {
  await takeTurns(ids, 8, (id) => server.call('POST', `runs/${id}/cancel`, { force: true }));
}

/** Until so many gates of that name wait for somebody. */
async function waitUntilOpen(server: BenchServer, name: string, count: number): Promise<void> {
  for (let open = 0; open < count;) {
    const [row] = await server.database<{ open: number }[]>`
      SELECT count(*)::int AS open FROM gates WHERE name = ${name} AND opened_at IS NOT NULL AND status_kind = 'waiting'`;
    open = row?.open ?? 0;
    if (open < count) await pause(50);
  }
}

async function approve(server: BenchServer, run: string): Promise<void> {
  const [gate] = await server.database<{ id: string }[]>`SELECT id FROM gates WHERE run_id = ${run} AND name = 'go'`;
  await server.call('POST', `gates/${gate?.id}/decisions`, { verdict: 'approve' });
}

/** From the request until the next gate is open, as its row says, ms. */
async function approveAndWatch(server: BenchServer, run: string): Promise<number> {
  const begun = performance.now();
  await approve(server, run);
  for (;;) {
    const [next] = await server.database<{ openedAt: string | null }[]>`
      SELECT opened_at AS "openedAt" FROM gates WHERE run_id = ${run} AND name = 'next'`;
    if (next && next.openedAt !== null) return performance.now() - begun;
    await pause(2);
  }
}

/** Percent of one processor, by what the process is of. */
async function readIdleShares(server: BenchServer): Promise<Record<string, number>> {
  await pause(5_000);
  const before = readProcessorMs(server);
  await pause(IDLE_MS);
  const after = readProcessorMs(server);
  return Object.fromEntries(
    Object.entries(after).map(([role, ms]) => [role, ((ms - (before[role] ?? 0)) / IDLE_MS) * 100]),
  );
}

const sumOf = (shares: Readonly<Record<string, number>>) =>
  Object.values(shares).reduce((sum, share) => sum + share, 0);
