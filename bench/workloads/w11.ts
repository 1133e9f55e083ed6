import { setTimeout as pause } from 'node:timers/promises';
import { takeTurns } from '../graph/turns.ts';
import type { Measures, Workload } from '../harness/workload.ts';
import { measureMemory } from '../server/memory.ts';
import type { BenchServer } from '../server/open-server.ts';
import { openIn } from './scope.ts';
import { openServerIn } from './server.ts';

const [FIRST_RUNS, RUNS] = [20, 1_000];
const IDLE_MS = 60_000;

/** Memory (PSS) of a fresh server that does nothing, and after a thousand runs. */
export const w11: Workload = {
  id: 'w11',
  title: 'memory of a server, idle and after 1,000 runs',
  pace: 'long',
  limitMs: 420_000,
  open: async () => ({
    systems: [{ name: 'server', role: 'buildit', note: 'all five processes; shared pages counted once', measure }],
    close: async () => {},
  }),
};

async function measure(): Promise<Measures> {
  let measures: Measures = {};
  const { close } = await openIn(async (scope) => {
    const server = await openServerIn(scope);
    await pause(IDLE_MS);
    const idle = measureMemory(server);
    await server.createPipeline('memory', 'stage "a" { executor "process"; run "true" }\n');
    await runAll(server, FIRST_RUNS);
    const first = measureMemory(server);
    await runAll(server, RUNS - FIRST_RUNS);
    await pause(10_000);
    const after = measureMemory(server);
    const [before, now] = [idle['all, MB'] ?? Number.NaN, after['all, MB'] ?? Number.NaN];
    measures = {
      'all after, MB': now,
      'all idle, MB': before,
      [`all after ${FIRST_RUNS} runs, MB`]: first['all, MB'] ?? Number.NaN,
      'kB a run': ((now - before) * 1_000) / RUNS,
      ...Object.fromEntries(Object.entries(after).filter(([what]) => what !== 'all, MB')),
    };
    return [];
  });
  await close();
  return measures;
}

async function runAll(server: BenchServer, count: number): Promise<void> {
  await takeTurns(Array.from({ length: count }), 8, () => server.call('POST', 'pipelines/memory/runs', {}));
  for (let open = 1; open > 0;) {
    await pause(200);
    const [row] = await server.database<{ open: number }[]>`
      SELECT count(*)::int AS open FROM runs WHERE status_kind <> 'ended'`;
    open = row?.open ?? 0;
  }
}
