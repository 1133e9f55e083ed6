import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { errorCode, toStoreFault } from '../object/disk-fault.ts';

const KEY_BYTES = 32;

/**
 * The key of a data folder: made once, 0600. Two processes may ask at the same moment;
 * `link` lets only one of them win, and both get the winner's key.
 */
export async function loadOrMakeKey(path: string): Promise<Buffer> {
  const known = await readKey(path);
  if (known) return known;
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx', flush: true });
    await link(temporary, path).catch((thrown: unknown) => {
      if (errorCode(thrown) !== 'EEXIST') throw thrown;
    });
  } catch (thrown) {
    throw toStoreFault(thrown, 'make the key that seals secrets');
  } finally {
    await rm(temporary, { force: true });
  }
  const made = await readKey(path);
  if (!made) throw toStoreFault(new Error(`${path} is gone`), 'make the key that seals secrets');
  return made;
}

async function readKey(path: string): Promise<Buffer | null> {
  const key = await readFile(path).catch((thrown: unknown) => {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw toStoreFault(thrown, 'read the key that seals secrets');
  });
  if (key && key.length !== KEY_BYTES) {
    throw new FaultError({
      code: 'secret-key-damaged',
      message: `The key file ${path} has ${key.length} bytes instead of ${KEY_BYTES}`,
      fix: 'Remove it; secrets of open runs must then be given again',
      retry: NO_RETRY,
    });
  }
  return key;
}
