import { readFileSync } from 'node:fs';
import { findRoles } from './engine-processes.ts';
import type { BenchServer } from './open-server.ts';

/** PSS of the processes below the supervisor and itself, MB (10^6 bytes): pages that are shared are counted once. */
export function measureMemory(server: BenchServer): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const [pid, role] of findRoles(server)) totals[role] = (totals[role] ?? 0) + readPss(pid);
  const all = Object.values(totals).reduce((sum, mb) => sum + mb, 0);
  return { ...Object.fromEntries(Object.entries(totals).map(([role, mb]) => [`${role}, MB`, mb])), 'all, MB': all };
}

export function readPss(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return (Number(kilobytes ?? 0) * 1_024) / 1e6;
  } catch {
    // It has just ended.
    return 0;
  }
}
