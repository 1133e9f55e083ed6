import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
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

const LOOK_MS = 250;

/** Does something, and how much more the processes of a role have at most meanwhile than before it, MB. */
export async function watchGrowth<Result>(
  server: BenchServer,
  role: 'worker' | 'api',
  work: () => Promise<Result>,
): Promise<{ result: Result; grewMb: number }> {
  const look = () => measureMemory(server)[`${role}, MB`] ?? Number.NaN;
  const base = look();
  let isOver = false;
  const doing = work().finally(() => (isOver = true));
  let peak = base;
  while (!isOver) {
    peak = Math.max(peak, look());
    await pause(LOOK_MS);
  }
  return { result: await doing, grewMb: peak - base };
}
