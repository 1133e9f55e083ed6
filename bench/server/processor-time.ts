import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findRoles } from './engine-processes.ts';
import type { BenchServer } from './open-server.ts';

/** Of every process of the engine, ms; a process that has ended is counted with the one that waited for it. */
export function readProcessorMs(server: BenchServer): Record<string, number> {
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
