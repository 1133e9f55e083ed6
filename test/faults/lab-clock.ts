import { renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A clock of the lab's processes that may be set: that of the machine is nobody's to set. */
export interface LabClock {
  /** For each process that shall go by it. */
  environment: NodeJS.ProcessEnv;
  /** All of them go wrong by so much from now on; less than nothing is behind. */
  set(aheadMs: number): void;
}

export function openLabClock(file: string): LabClock {
  const set = (aheadMs: number): void => {
    // Beside and renamed: no process reads half a number.
    writeFileSync(`${file}.new`, String(aheadMs));
    renameSync(`${file}.new`, file);
  };
  set(0);
  const preload = pathToFileURL(resolve(import.meta.dirname, 'set-clock.ts')).href;
  return { environment: { NODE_OPTIONS: `--import=${preload}`, LAB_CLOCK: file }, set };
}
