import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fillDisk } from '../env/fill-disk.ts';

/** The lab's store of logs, artifacts and plans, on a small disk of its own where this account may mount one. */
export interface LabStore {
  /** Nothing more can be written; the answer makes room again. Null where the disk is the machine's. */
  fill: (() => () => void) | null;
  dispose(): void;
}

const SIZE = '192m';

export function openLabStore(dataFolder: string): LabStore {
  const folder = join(dataFolder, 'objects');
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { fill: null, dispose: () => {} };
  mkdirSync(folder, { mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'tmpfs', folder]);
  let isMounted = true;
  const dispose = (): void => {
    if (isMounted) execFileSync('umount', ['--lazy', folder]);
    isMounted = false;
  };
  // Also when the test that opened it fails before it can dispose of it.
  process.once('exit', dispose);
  return { fill: () => fillDisk(folder), dispose };
}
