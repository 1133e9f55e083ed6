import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './disk-fault.ts';

/**
 * Writes a file whole or not at all: into `temporaryFolder` (same file system) first, then
 * renamed. Survives the death of the process at any point; of the machine too when
 * `flush` is set. Folders on the way are made.
 */
export async function writeFileAtomically(
  path: string,
  value: Uint8Array,
  options: { temporaryFolder: string; mode?: number; flush?: boolean },
): Promise<void> {
  const temporary = join(options.temporaryFolder, randomBytes(9).toString('hex'));
  try {
    const file = await makeFolderOnce(temporary, () => open(temporary, 'wx', options.mode ?? 0o600));
    try {
      await file.writeFile(value);
      if (options.flush) await file.sync();
    } finally {
      await file.close();
    }
    await makeFolderOnce(path, () => rename(temporary, path));
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** Runs the act; if its folder is missing, makes it and runs the act again. */
async function makeFolderOnce<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw thrown;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return act();
  }
}
