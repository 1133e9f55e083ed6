import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Ticks of all processors since the machine began, from the first line of `/proc/stat`. */
export interface ProcessorTicks {
  busy: number;
  steal: number;
  all: number;
}

export function parseTicks(stat: string): ProcessorTicks {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, interrupt = 0, soft = 0, steal = 0] = stat
    .slice(0, stat.indexOf('\n'))
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + interrupt + soft + steal;
  return { busy, steal, all: busy + idle + wait };
}

export const readTicks = (): ProcessorTicks => parseTicks(readFileSync('/proc/stat', 'latin1'));

const WINDOW_MS = 150;
const BUSY_SHARE = 0.2;
const SAMPLE_WAIT_MS = 10_000;
/** A machine that does not become idle is not waited for before every sample: so much in one workload. */
const WORKLOAD_WAIT_MS = 30_000;

/** Waits until less than a fifth of the processors is busy for 150 ms, at most 10 s (P102); whether it became so. */
export function openIdleGate(): () => Promise<boolean> {
  let left = WORKLOAD_WAIT_MS;
  return async () => {
    const until = performance.now() + Math.min(SAMPLE_WAIT_MS, left);
    const begun = performance.now();
    let isIdle: boolean;
    do {
      const before = readTicks();
      await pause(WINDOW_MS);
      const after = readTicks();
      isIdle = (after.busy - before.busy) / Math.max(1, after.all - before.all) < BUSY_SHARE;
    } while (!isIdle && performance.now() < until);
    if (!isIdle) left -= performance.now() - begun;
    return isIdle;
  };
}
