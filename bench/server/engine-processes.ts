import { execFileSync } from 'node:child_process';
import type { BenchServer } from './open-server.ts';

/** The processes of the engine, children of children too, by what they are of: `worker`, `api`, `temporal`, …. */
export function findRoles(server: BenchServer): Map<number, string> {
  const { pid, processes } = server.engine();
  const roots = new Map<number, string>([
    [pid, 'supervisor'],
    ...processes.map(({ pid, role }) => [pid, role] as const),
  ]);
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
  const found = new Map<number, string>();
  for (const child of parents.keys()) {
    const role = findRole(child, parents, roots);
    if (role !== null) found.set(child, role);
  }
  return found;
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
