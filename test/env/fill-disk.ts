import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = Buffer.alloc(4_096);

/** Leaves no byte on the small disk that a folder is; the answer makes room again. */
export function fillDisk(folder: string): () => void {
  const filler = join(folder, '.filler');
  const file = openSync(filler, 'w');
  try {
    // Page by page: not one is left over.
    for (;;) writeSync(file, PAGE);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
  return () => rmSync(filler);
}
