import { readdirSync, readFileSync } from 'node:fs';
import type { PartRole } from './part.ts';
import { readIfPresent, removeIfPresent, writePrivateFile } from './private-file.ts';
import { type EndingStep, endProcess, identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

/** A process that a supervisor started, written down so that the next one knows it (ENGINE 5). */
export interface RecordedChild extends ProcessIdentity {
  role: PartRole;
}

/** How a command line shows that a process works on our data: this flag followed by this path. */
export interface CommandLineMark {
  role: PartRole;
  flag: string;
  path: string;
}

/** The list of our children on disk. */
export interface ChildRecord {
  add(child: RecordedChild): void;
  clear(): void;
}

/** Opens the list for the supervisor that holds the lock; it must be written before a child is used. */
export function recordChildren(file: string): ChildRecord {
  let children: RecordedChild[] = [];
  return {
    add(child) {
      children = [...children.filter(isRunning), child];
      writePrivateFile(file, JSON.stringify(children));
    },
    clear() {
      children = [];
      removeIfPresent(file);
    },
  };
}

/** How each role is ended when its supervisor is gone. */
const ENDING: Record<PartRole, readonly EndingStep[]> = {
  // Its file survives this (SQLite's write-ahead log); a polite end takes it a second that a waiting run would feel.
  temporal: [{ signal: 'SIGKILL', waitMs: 5_000 }],
  postgres: [
    { signal: 'SIGINT', waitMs: 3_000 },
    { signal: 'SIGQUIT', waitMs: 4_000 },
    { signal: 'SIGKILL', waitMs: 3_000 },
  ],
  // These end by themselves when their channel closes; only then may another API bind the socket.
  worker: [
    { signal: 'SIGTERM', waitMs: 400 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ],
  api: [
    { signal: 'SIGTERM', waitMs: 400 },
    { signal: 'SIGKILL', waitMs: 5_000 },
  ],
};

/**
 * Ends what an earlier supervisor left behind: what it wrote down, and on Linux any process whose command line opens one
 * of our data paths (it died between starting and writing down). Only for the holder of the lock.
 * @returns what was ended
 */
export async function endLeftovers(file: string, marks: readonly CommandLineMark[]): Promise<RecordedChild[]> {
  const text = readIfPresent(file);
  if (text === null) return [];
  const recorded = parseRecord(text).filter(isRunning);
  const known = new Set(recorded.map((child) => child.pid));
  const found = scanCommandLines(marks).filter((child) => !known.has(child.pid));
  const leftovers = [...recorded, ...found];
  await Promise.all(leftovers.map((child) => endProcess(child, ENDING[child.role])));
  removeIfPresent(file);
  return leftovers;
}

/** Marks that children may exist from here on, so that a later start looks for them even if none was written down. */
export function expectChildren(file: string): void {
  writePrivateFile(file, '[]');
}

function parseRecord(text: string): RecordedChild[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isRecordedChild) : [];
  } catch {
    return [];
  }
}

function isRecordedChild(value: unknown): value is RecordedChild {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'mark' in value &&
    typeof value.mark === 'string' &&
    'role' in value &&
    typeof value.role === 'string' &&
    value.role in ENDING
  );
}

function scanCommandLines(marks: readonly CommandLineMark[]): RecordedChild[] {
  if (process.platform !== 'linux') return [];
  const found: RecordedChild[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const args = readCommandLine(pid);
    const match = marks.find(({ flag, path }) => args.some((arg, at) => arg === flag && args[at + 1] === path));
    const identity = match ? identifyProcess(pid) : null;
    if (match && identity) found.push({ ...identity, role: match.role });
  }
  return found;
}

function readCommandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
