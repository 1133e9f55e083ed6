import { join } from 'node:path';
import { canMount, mountSmallDisk } from '../env/small-disk.ts';

/** The lab's store of logs, artifacts and plans, on a small disk of its own where this account may mount one. */
export interface LabStore {
  /** Nothing more can be written; the answer makes room again. Null where the disk is the machine's. */
  fill: (() => () => void) | null;
  dispose(): void;
}

export function openLabStore(dataFolder: string): LabStore {
  return canMount ? mountSmallDisk(join(dataFolder, 'objects'), '192m') : { fill: null, dispose: () => {} };
}
