import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { SecretSource } from '#config/system/settings.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { errorCode, toStoreFault } from '../object/disk-fault.ts';
import { makeFileOnce } from './make-file-once.ts';

const KEY_BYTES = 32;

/** A key that seals the keys of organizations. It is never in the database. */
export interface MasterKey {
  /** Tells keys apart without telling anything of them. */
  id: string;
  key: Buffer;
}

/** The first seals; the others only open what they sealed before they were replaced. */
export type MasterKeys = readonly [MasterKey, ...MasterKey[]];

/**
 * Reads the master keys: base64 of 32 bytes each, the newest first, separated by commas, blanks or lines. With
 * `mayMake` a file that is not there is made: by an engine that owns its data folder, never on the disk of one of
 * several servers. Throws the faults `master-key-missing`, `master-key-exposed`, `master-key-invalid`.
 */
export async function loadMasterKeys(source: SecretSource, options: { mayMake: boolean }): Promise<MasterKeys> {
  if (source.kind === 'value') return parseMasterKeys(source.value, 'BUILDIT_MASTER_KEY');
  const text = (await readKeyFile(source.path)) ?? (options.mayMake ? await makeKeyFile(source.path) : null);
  if (text !== null) return parseMasterKeys(text, source.path);
  throw new FaultError({
    code: 'master-key-missing',
    message: 'Secrets need a master key and there is none',
    cause: `BUILDIT_MASTER_KEY is not set and ${source.path} does not exist`,
    fix: 'Make one (openssl rand -base64 32) and give it to every process of the server as BUILDIT_MASTER_KEY',
    retry: NO_RETRY,
  });
}

function parseMasterKeys(text: string, origin: string): MasterKeys {
  const [first, ...more] = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => parseKey(part, origin));
  if (first) return [first, ...more];
  throw createInvalid(origin, 'it is empty');
}

function parseKey(text: string, origin: string): MasterKey {
  const key = Buffer.from(text, 'base64');
  // Buffer skips what is no base64; only what it writes again was wholly read.
  const isWhole = key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  if (!isWhole) throw createInvalid(origin, 'it is no base64');
  if (key.length !== KEY_BYTES) throw createInvalid(origin, `it has ${key.length} bytes instead of ${KEY_BYTES}`);
  return { id: createHash('sha256').update('buildit master key\n').update(key).digest('hex').slice(0, 16), key };
}

function createInvalid(origin: string, cause: string): FaultError {
  return new FaultError({
    code: 'master-key-invalid',
    message: `The master key in ${origin} cannot be used`,
    cause,
    fix: 'Give base64 of 32 random bytes: openssl rand -base64 32',
    retry: NO_RETRY,
  });
}

async function readKeyFile(path: string): Promise<string | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw createExposed(path, mode & 0o777);
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw toStoreFault(thrown, 'read the master key');
  }
}

async function makeKeyFile(path: string): Promise<string | null> {
  await makeFileOnce(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`).catch((thrown: unknown) => {
    throw toStoreFault(thrown, 'make the master key');
  });
  return readKeyFile(path);
}

function createExposed(path: string, mode: number): FaultError {
  return new FaultError({
    code: 'master-key-exposed',
    message: `Others than its owner may use the master key ${path}`,
    cause: `its mode is ${mode.toString(8).padStart(4, '0')}`,
    fix: `chmod 600 ${path}, and replace the key if somebody may have read it`,
    retry: NO_RETRY,
  });
}
