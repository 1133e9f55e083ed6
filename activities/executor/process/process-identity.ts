import { readIfThere } from './attempt-folder.ts';

/** A process by id and start time, so that a later one of the same id is never taken for it. */
export interface ProcessIdentity {
  pid: number;
  /** Field 22 of /proc/PID/stat; null where there is no /proc. */
  startedAt: string | null;
}

/** From a line as the wrapper and the supervisor note it; null if it is not there yet. */
export async function readIdentity(path: string): Promise<ProcessIdentity | null> {
  const line = await readIfThere(path);
  return line?.endsWith('\n') ? parseStat(line) : null;
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

/** The process group of a process; null if it has gone. */
export async function readGroup(pid: number): Promise<number | null> {
  const line = await readIfThere(`/proc/${pid}/stat`).catch(() => null);
  return line === null ? null : Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[2]);
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

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
