import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from './attempt-folder.ts';

/** A process by id and start time, so that a later one of the same id is never taken for it. */
export interface ProcessIdentity {
  pid: number;
  /** Field 22 of /proc/PID/stat; null where there is no /proc. */
  startedAt: string | null;
}

/** From a line as the wrapper and the supervisor note it; null if the file is not there yet. */
export async function readIdentity(path: string): Promise<ProcessIdentity | null> {
  const line = await readIfThere(path);
  return line === null ? null : parseStat(line);
}

/** Alive and not a zombie. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.startedAt === null) return canSignal(identity.pid);
  const line = await readIfThere(`/proc/${identity.pid}/stat`).catch(() => null);
  if (line === null) return false;
  return parseStat(line)?.startedAt === identity.startedAt && readState(line) !== 'Z';
}

/**
 * Signals the process group that this process leads. A group lives as long as one member, and its id is not given
 * away while it does; so only a leader that is another process by now tells us to keep our hands off.
 */
export async function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (identity.startedAt !== null) {
    const line = await readIfThere(`/proc/${identity.pid}/stat`).catch(() => null);
    if (line !== null && parseStat(line)?.startedAt !== identity.startedAt) return;
  }
  sendSignal(-identity.pid, signal);
}

export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * Processes whose environment holds this entry: those of an attempt that left its process group (daemons). Linux only;
 * elsewhere the group is all we know. Other accounts' processes cannot be read and are not ours; those of the excepted
 * group (the supervisor's) are left out.
 */
export async function findByEnvironment(entry: string, exceptGroup: number): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(join('/proc', String(pid), 'environ')).catch(() => null);
      if (environment === null || !`\0${environment.toString('latin1')}`.includes(`\0${toLatin(entry)}\0`)) return null;
      const line = await readIfThere(`/proc/${pid}/stat`).catch(() => null);
      return line === null || readGroup(line) === exceptGroup ? null : pid;
    }),
  );
  return found.filter((pid) => pid !== null);
}

function toLatin(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** `PID (any name) STATE PPID …`: the name may hold spaces and parentheses. */
function parseStat(line: string): ProcessIdentity | null {
  const pid = Number.parseInt(line, 10);
  if (!Number.isInteger(pid) || pid <= 1) return null;
  const after = line.lastIndexOf(')');
  const startedAt = after === -1 ? null : (line.slice(after + 2).split(' ')[19] ?? null);
  return { pid, startedAt };
}

function readState(line: string): string {
  return line.slice(line.lastIndexOf(')') + 2).charAt(0);
}

function readGroup(line: string): number {
  return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[2]);
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
