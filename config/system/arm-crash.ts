import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CrashPoint, isCrashPoint, reachNothing, type ReachPoint } from '#core/crash-point.ts';

/** Written as `POINT:NTH` or `POINT:NTH:term`: where this process is to end, and how. */
export interface CrashOrder {
  point: CrashPoint;
  /** Counted from 1, in one process. */
  nth: number;
  signal: 'SIGKILL' | 'SIGTERM';
}

/** For tests alone. */
export interface CrashSettings {
  /** Where orders stand, one a file that is named after its point; carried out it is `POINT.spent`. */
  folder: string;
  /** Stands there from the start, unless it was carried out before. */
  first: CrashOrder | null;
}

const ORDER = /^([a-z-]+):([1-9]\d*)(:term)?$/;

/** Null for what is no order. */
export function parseCrashOrder(text: string): CrashOrder | null {
  const [, point = '', nth, term] = ORDER.exec(text.trim()) ?? [];
  if (!isCrashPoint(point)) return null;
  return { point, nth: Number(nth), signal: term ? 'SIGTERM' : 'SIGKILL' };
}

/**
 * Ends this process at the points that files of the folder name, once each, whichever process comes there first: one
 * that takes its place is not ended at the same point again. `SIGTERM` asks it to leave there, and it goes on.
 */
export function armCrash(settings: CrashSettings | null): ReachPoint {
  if (settings === null) return reachNothing;
  const { folder, first } = settings;
  const counts = new Map<CrashPoint, number>();
  mkdirSync(folder, { recursive: true });
  if (first !== null && !existsSync(join(folder, `${first.point}.spent`))) {
    const term = first.signal === 'SIGTERM' ? ':term' : '';
    writeFileSync(join(folder, first.point), `${first.point}:${first.nth}${term}`);
  }
  return (point) => {
    const file = join(folder, point);
    const order = readOrder(file);
    if (order === null) {
      counts.delete(point);
      return;
    }
    const count = (counts.get(point) ?? 0) + 1;
    counts.set(point, count);
    if (count < order.nth || !claim(file)) return;
    process.kill(process.pid, order.signal);
  };
}

function readOrder(file: string): CrashOrder | null {
  try {
    return parseCrashOrder(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** False when another process was here first. */
function claim(file: string): boolean {
  try {
    renameSync(file, `${file}.spent`);
    return true;
  } catch {
    return false;
  }
}
