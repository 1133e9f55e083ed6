import { randomBytes } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../object/disk-fault.ts';

/**
 * Makes a file, 0600, unless there is one. Several processes may do so at the same moment: `link` lets only one of them
 * win, and whoever reads the file afterwards reads the winner's.
 */
export async function makeFileOnce(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, content, { mode: 0o600, flag: 'wx', flush: true });
    await link(temporary, path).catch((thrown: unknown) => {
      if (errorCode(thrown) !== 'EEXIST') throw thrown;
    });
  } finally {
    await rm(temporary, { force: true });
  }
}
