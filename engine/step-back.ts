import { existsSync, readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Keeper } from './keep-running.ts';

/** Of nice: a tenth of what others get while both want a core, all of it while nobody else does. */
const NICENESS = 10;

/** Makes keepers' processes step back while people are served; a process is asked once. */
export function createStepBack(say: (line: string) => void): (keepers: readonly Keeper[]) => void {
  const asked = new Set<string>();
  return (keepers) => {
    for (const part of keepers.flatMap((keeper) => keeper.current() ?? [])) {
      const { pid, mark } = part.identity;
      const name = `${pid} ${mark}`;
      if (pid <= 0 || asked.has(name)) continue;
      asked.add(name);
      try {
        for (const thread of listThreads(pid)) stepBack(thread);
      } catch (error) {
        say(`${part.role} keeps its priority: ${String(error)}`);
      }
    }
  };
}

/** Linux has a priority a thread; new ones, and programs that are started, take that of who starts them. */
function listThreads(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  return existsSync(folder) ? readdirSync(folder).map(Number) : [pid];
}

function stepBack(thread: number): void {
  try {
    setPriority(thread, NICENESS);
  } catch (error) {
    // It has ended meanwhile.
    if (!(error instanceof Error && 'info' in error && (error.info as { code?: unknown }).code === 'ESRCH'))
      throw error;
  }
}
