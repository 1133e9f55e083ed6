import { setTimeout as pause } from 'node:timers/promises';
import type { BenchServer } from './open-server.ts';
import { readProcessorMs } from './processor-time.ts';

const RUNS = 200;
/** Until what is compiled as it is used has been: with 20 a server that has just begun ends a sixth fewer runs a second. */
const WARM_UP = 120;
const AT_ONCE = 8;
const TEXT = 'stage "build" {\n  executor "process"\n  run "true"\n}\n';

/**
 * Runs of one process stage that end a second, sustained, while more of them wait than two cores can work on, and what each
 * costs of processor time, by process, its programs included.
 */
export async function measureThroughput(server: BenchServer): Promise<Record<string, number>> {
  await server.createPipeline('throughput', TEXT);
  await runAll(server, WARM_UP);
  const before = readProcessorMs(server);
  const begun = performance.now();
  await runAll(server, RUNS);
  const took = performance.now() - begun;
  const after = readProcessorMs(server);
  const spent = Object.entries(after).map(([role, ms]): [string, number] => [role, ms - (before[role] ?? 0)]);
  const all = spent.reduce((sum, [, ms]) => sum + ms, 0);
  return {
    'runs/s': RUNS / (took / 1_000),
    ...Object.fromEntries(spent.map(([role, ms]) => [`processor time a run, ${role}, ms`, ms / RUNS])),
    'processor time a run, all, ms': all / RUNS,
  };
}

async function runAll(server: BenchServer, count: number): Promise<void> {
  let left = count;
  const trigger = async (): Promise<void> => {
    while (left-- > 0) await server.call('POST', 'pipelines/throughput/runs', {});
  };
  await Promise.all(Array.from({ length: AT_ONCE }, trigger));
  for (;;) {
    const [row] = await server.database<{ open: number }[]>`
      SELECT count(*)::int AS open FROM runs WHERE status_kind <> 'ended'`;
    if (row?.open === 0) return;
    await pause(50);
  }
}
