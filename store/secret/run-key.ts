import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { errorCode, toStoreFault } from '../object/disk-fault.ts';
import { makeFileOnce } from './make-file-once.ts';

const KEY_BYTES = 32;

/** The key of a data folder: made once, 0600; whoever asks at the same moment gets the same one. */
export async function loadOrMakeKey(path: string): Promise<Buffer> {
  const known = await readKey(path);
  if (known) return known;
  await makeFileOnce(path, randomBytes(KEY_BYTES)).catch((thrown: unknown) => {
    throw toStoreFault(thrown, 'make the key that seals secrets');
  });
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
