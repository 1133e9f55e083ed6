import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readIfPresent } from './private-file.ts';

/** A process that cannot be mistaken for a later one with the same pid: the mark says when, and in which boot, it began. */
export interface ProcessIdentity {
  pid: number;
  mark: string;
}

/** The identity of a running process, or null when it is gone. A zombie has ended: it counts as gone (ENGINE 5). */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const mark = process.platform === 'linux' ? readLinuxMark(pid) : readPosixMark(pid);
  return mark === null ? null : { pid, mark };
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.mark === identity.mark;
}

/** A signal and how long the process has to obey before the next one. */
export interface EndingStep {
  signal: NodeJS.Signals;
  waitMs: number;
}

/** Signals a process, step by step, until it is gone. @returns whether it is */
export async function endProcess(identity: ProcessIdentity, steps: readonly EndingStep[]): Promise<boolean> {
  for (const step of steps) {
    if (!isRunning(identity)) return true;
    sendSignal(identity.pid, step.signal);
    const until = performance.now() + step.waitMs;
    while (performance.now() < until) {
      if (!isRunning(identity)) return true;
      await pause(10);
    }
  }
  return !isRunning(identity);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It went between the look and the signal; the next look tells.
  }
}

let bootId: string | null = null;

function readLinuxMark(pid: number): string | null {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold anything, so fields are counted behind the last parenthesis: state is the first,
  // the start in clock ticks after boot the twentieth (proc(5) fields 3 and 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const ticks = fields[19];
  if (ticks === undefined || state === 'X' || (state === 'Z' && !hasOtherThreads(pid))) return null;
  bootId ??= (readIfPresent('/proc/sys/kernel/random/boot_id') ?? '').trim();
  return `${bootId}/${ticks}`;
}

/** A killed program's first thread is a zombie while others still end, and with them its files and sockets. */
function hasOtherThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

function readProcFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // ENOENT before the open, ESRCH when it ended between open and read.
    return null;
  }
}

function readPosixMark(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? null : line.slice(line.indexOf(' ')).trim();
  } catch {
    return null;
  }
}
