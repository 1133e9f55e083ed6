import { join } from 'node:path';
import { readIfPresent, removeIfPresent } from './private-file.ts';
import { identifyProcess } from './process-identity.ts';

/**
 * Removes the lock files of a Postgres that was killed and that nobody has reaped: Postgres takes a zombie for a living
 * server and would refuse to start for as long as it stays, in a container without an init process for ever.
 *
 * Only when nothing is attached to its shared memory: a backend that has not yet noticed the death still writes, and the
 * lock file is what keeps a new server from starting beside it. Where that cannot be seen nothing is removed.
 */
export function removeDeadLocks(dataFolder: string, socketLock: string): void {
  const file = join(dataFolder, 'postmaster.pid');
  const lines = readIfPresent(file)?.split('\n');
  if (!lines) return;
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || identifyProcess(pid) !== null) return;
  // Seventh line: key and id of the shared memory segment. Missing when it was killed before it made one.
  const segment = lines[6]?.trim().split(/\s+/)[1];
  if (segment !== undefined && countAttached(segment) !== 0) return;
  removeIfPresent(file);
  if (Number(readIfPresent(socketLock)?.split('\n')[0]) === pid) removeIfPresent(socketLock);
}

/** Processes attached to a System V segment; 0 when it is gone, null when that cannot be known here. */
function countAttached(segment: string): number | null {
  const table = readIfPresent('/proc/sysvipc/shm');
  if (table === null) return null;
  const [head, ...rows] = table.split('\n').map((line) => line.trim().split(/\s+/));
  const id = head?.indexOf('shmid') ?? -1;
  const attached = head?.indexOf('nattch') ?? -1;
  if (id < 0 || attached < 0) return null;
  const row = rows.find((cells) => cells[id] === segment);
  return row === undefined ? 0 : Number(row[attached]);
}
