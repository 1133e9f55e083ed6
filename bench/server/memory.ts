import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { BenchServer } from './open-server.ts';

/** PSS of the processes below the supervisor and itself, MB (10^6 bytes): pages that are shared are counted once. */
export function measureMemory(server: BenchServer): Record<string, number> {
  const { pid, processes } = server.engine();
  const roots = new Map(processes.map((each) => [each.pid, each.role]));
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const parents = new Map(
    table
      .trim()
      .split('\n')
      .map((line): [number, number] => {
        const [child = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
        return [child, parent];
      }),
  );
  const totals: Record<string, number> = {};
  for (const child of parents.keys()) {
    const role = findRole(child, parents, roots);
    if (role === null && child !== pid) continue;
    totals[role ?? 'supervisor'] = (totals[role ?? 'supervisor'] ?? 0) + readPss(child);
  }
  const all = Object.values(totals).reduce((sum, mb) => sum + mb, 0);
  return { ...Object.fromEntries(Object.entries(totals).map(([role, mb]) => [`${role}, MB`, mb])), 'all, MB': all };
}

function findRole(
  pid: number,
  parents: ReadonlyMap<number, number>,
  roots: ReadonlyMap<number, string>,
): string | null {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    const role = roots.get(at);
    if (role !== undefined) return role;
  }
  return null;
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
