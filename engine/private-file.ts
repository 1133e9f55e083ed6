import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file that its owner alone may read, whole or not at all: readers see the old text or the new one. */
export function writePrivateFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    // A full disk: half a draft stays nowhere.
    removeIfPresent(draft);
    throw error;
  }
}

/** Text of a file, or null where there is none. */
export function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Removes a file that may be gone already. */
export function removeIfPresent(path: string): void {
  rmSync(path, { force: true });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
