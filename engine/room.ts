import { readdirSync, statfsSync } from 'node:fs';
import { FaultError, NO_RETRY } from '#core/fault.ts';

/** What an engine writes before it serves, bytes: two databases of its own are 42 MB when they are new. */
const LEAST_BYTES = { new: 64 * 1024 ** 2, known: 16 * 1024 ** 2 };

/** How the system says that nothing more can be written: ENOSPC in its own words, and in those of C and SQLite. */
const FULL = /ENOSPC|no space left|disk is full/i;

/** Whether a process that ended said with its last words that its disk is full. */
export function isForRoom(said: string): boolean {
  return FULL.test(said);
}

/** Null where an engine of this data folder has the room to begin. */
export function findNoRoom(dataFolder: string): FaultError | null {
  const { bavail, bsize, blocks } = statfsSync(dataFolder);
  const isKnown = readdirSync(dataFolder).some((name) => name.startsWith('postgres-'));
  const [free, least] = [bavail * bsize, isKnown ? LEAST_BYTES.known : LEAST_BYTES.new];
  // Some file systems do not tell how large they are.
  if (blocks === 0 || free >= least) return null;
  return new FaultError({
    code: 'disk-full',
    message: `There is no room for an engine on the disk of ${dataFolder}`,
    cause: `${Math.floor(free / 1024 ** 2)} MB are free, and ${least / 1024 ** 2} MB are the least`,
    fix: 'make room, or set BUILDIT_DATA to a folder on a larger disk; then run the command again',
    retry: NO_RETRY,
  });
}
