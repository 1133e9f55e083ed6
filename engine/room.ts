import { statfsSync } from 'node:fs';
import { FaultError, NO_RETRY } from '#core/fault.ts';

/** What an engine writes before it serves: two databases of its own, 42 MB when they are new. Bytes. */
const LEAST_BYTES = 64 * 1024 ** 2;

/** How the system says that nothing more can be written: ENOSPC in its own words, and in those of C and SQLite. */
const FULL = /ENOSPC|no space left|disk is full/i;

/** Whether a process that ended said with its last words that its disk is full. */
export function isForRoom(said: string): boolean {
  return FULL.test(said);
}

/** Null where an engine of this data folder has the room to begin. */
export function findNoRoom(dataFolder: string): FaultError | null {
  const { bavail, bsize } = statfsSync(dataFolder);
  const free = bavail * bsize;
  if (free >= LEAST_BYTES) return null;
  return new FaultError({
    code: 'disk-full',
    message: `There is no room for an engine on the disk of ${dataFolder}`,
    cause: `${Math.floor(free / 1024 ** 2)} MB are free, and ${LEAST_BYTES / 1024 ** 2} MB are the least`,
    fix: 'make room, or set BUILDIT_DATA to a folder on a larger disk; then run the command again',
    retry: NO_RETRY,
  });
}
