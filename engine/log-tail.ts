import type { RotatingLog } from './rotating-log.ts';

/** A log that remembers the end of what one process wrote, for the cause of a fault. */
export interface TailedLog extends RotatingLog {
  tail(): string;
}

const TAIL_BYTES = 4_096;

/** Wraps a log for one start of a process. */
export function keepTail(log: RotatingLog): TailedLog {
  let tail = '';
  return {
    path: log.path,
    write(chunk) {
      log.write(chunk);
      tail = (tail + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))).slice(-TAIL_BYTES);
    },
    close: () => log.close(),
    tail: () => tail,
  };
}
