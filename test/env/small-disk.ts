import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fillDisk } from './fill-disk.ts';

/** A folder that is a disk of its own, so that it can be full while the machine's is not. */
export interface SmallDisk {
  /** Nothing more can be written; the answer makes room again. */
  fill(): () => void;
  dispose(): void;
}

/** Whether this account may mount one. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** Makes the folder, unless it is there, and mounts a disk of this size (`192m`) on it. */
export function mountSmallDisk(folder: string, size: string): SmallDisk {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder]);
  let isMounted = true;
  const dispose = (): void => {
    if (isMounted) execFileSync('umount', ['--lazy', folder]);
    isMounted = false;
  };
  // Also when the test that mounted it fails before it can dispose of it.
  process.once('exit', dispose);
  return { fill: () => fillDisk(folder), dispose };
}
