import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { findRoles } from './engine-processes.ts';
import type { BenchServer } from './open-server.ts';

const RUNS = 200;
const AT_ONCE = 8;
const TEXT = 'stage "build" {\n  executor "process"\n  run "true"\n}\n';

/**
 * Runs of one process stage that end a second while more of them wait than two cores can work on, and what each costs
 * of processor time, by process, its programs included.
 */
export async function measureThroughput(server: BenchServer): Promise<Record<string, number>> {
  await server.createPipeline('throughput', TEXT);
  await runAll(server, 20);
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

/** Of every process of the engine, ms; a process that has ended is counted with the one that waited for it. */
function readProcessorMs(server: BenchServer): Record<string, number> {
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const totals: Record<string, number> = {};
  for (const [pid, role] of findRoles(server)) {
    totals[role] = (totals[role] ?? 0) + (readTicks(pid) * 1_000) / ticks;
  }
  return totals;
}

/** User and system time, its own and that of its ended children. */
function readTicks(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  } catch {
    // It has just ended.
    return 0;
  }
}
