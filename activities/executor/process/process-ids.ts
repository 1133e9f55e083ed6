import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from './process-identity.ts';

/** How many processes and threads the machine had begun, at a moment (s since it was started). */
interface Count {
  at: number;
  begun: number;
}

/** Of the times in /proc/PID/stat, on every Linux. */
const TICKS_A_SECOND = 100;
/** Counts are kept this far apart, s. */
const APART_S = 0.2;
const KEPT = 64;

/** Earlier looks, the oldest first. */
let counts: Count[] = [];

/**
 * The lowest id that a process may have which began after this one. Ids are given in order and begin anew at their end:
 * unless that many processes have begun since, what began later has a higher id. 0 where that is not known: then it may
 * have any.
 */
export function findLowestAfter({ pid, startedAt }: ProcessIdentity): number {
  if (startedAt === null) return 0;
  try {
    const now = { at: readField('/proc/uptime', 0), begun: countBegun() };
    const before = counts.findLast(({ at }) => at <= Number(startedAt) / TICKS_A_SECOND);
    keep(now);
    if (!before) return 0;
    // Ids that are taken are left out, so that a round is shorter than there are ids.
    const isOneRound = now.begun - before.begun < readField('/proc/sys/kernel/pid_max', 0) / 2;
    // The id given last: a lower one says that they have begun anew.
    return isOneRound && readField('/proc/loadavg', 4) >= pid ? pid : 0;
  } catch {
    return 0;
  }
}

/** The oldest stays: what runs for long needs it. */
function keep(now: Count): void {
  if (now.at - (counts.at(-1)?.at ?? 0) < APART_S) return;
  counts.push(now);
  if (counts.length > KEPT) counts = counts.filter((_, index) => index % 2 === 0);
}

function countBegun(): number {
  return Number(/^processes (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
}

function readField(path: string, field: number): number {
  return Number(readFileSync(path, 'utf8').trim().split(/\s+/)[field]);
}
