import { randomBytes } from 'node:crypto';
import { v7 as createId } from 'uuid';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Database } from '#db/client.ts';
import {
  findDataKey,
  hasDataKeys,
  insertDataKey,
  listForeignKeys,
  retireDataKey,
  rewrapDataKey,
  useDataKey,
  type WrappedKey,
} from '#db/queries/data-keys.ts';
import type { MasterKey, MasterKeys } from './master-key.ts';
import { openBytes, sealBytes } from './seal.ts';

/** A key of an organization, in the clear: in memory only. */
export interface DataKey {
  id: string;
  key: Buffer;
  /** Replaced: what it sealed is to be sealed anew when it is met. */
  isRetired: boolean;
}

/** The keys of organizations (I29): 32 random bytes each, sealed by the master key. */
export interface Keyring {
  /** The key to seal with, made at the first use. Each call is counted as one sealing. */
  use(organizationId: string): Promise<DataKey>;
  /** The key that sealed something. Throws the faults `data-key-missing`, `master-key-wrong`. */
  find(organizationId: string, id: string): Promise<DataKey>;
  /** Seals under the first master key what an older one seals; values are not touched. Answers how many keys. */
  rewrap(): Promise<number>;
}

/** With random nonces a key of AES-GCM may seal 2^32 times; half of that is far from it. */
const MAX_WRITES = 2 ** 31;

const KEY_BYTES = 32;

/** `loadKeys` is asked at the first use, and again if that failed. */
export function openKeyring(options: {
  database: Database;
  loadKeys: () => Promise<MasterKeys>;
  maxWrites?: number;
}): Keyring {
  const { database, maxWrites = MAX_WRITES } = options;
  const opened = new Map<string, Buffer>();
  let loading: Promise<MasterKeys> | null = null;

  function loadKeys(): Promise<MasterKeys> {
    loading ??= options.loadKeys().catch((thrown: unknown) => {
      loading = null;
      throw thrown;
    });
    return loading;
  }

  async function open(row: WrappedKey): Promise<Buffer> {
    const known = opened.get(row.id);
    if (known) return known;
    const key = unwrap(row, await loadKeys());
    opened.set(row.id, key);
    return key;
  }

  return {
    async use(organizationId) {
      for (;;) {
        const row = await useDataKey(database, organizationId);
        if (row && row.writes <= maxWrites) return { id: row.id, key: await open(row), isRetired: false };
        if (row) await retireDataKey(database, row.id);
        const [master] = await loadKeys();
        await insertDataKey(database, wrap(randomBytes(KEY_BYTES), { id: createId(), organizationId }, master));
      }
    },
    async find(organizationId, id) {
      const row = await findDataKey(database, organizationId, id);
      if (!row) throw createMissing(id);
      return { id, key: await open(row), isRetired: row.retiredAt !== null };
    },
    async rewrap() {
      // Where nothing was ever sealed no master key is asked for, or made.
      if (!(await hasDataKeys(database))) return 0;
      const keys = await loadKeys();
      const rows = await listForeignKeys(database, keys[0].id);
      for (const row of rows) await rewrapDataKey(database, wrap(unwrap(row, keys), row, keys[0]), row.masterKeyId);
      return rows.length;
    },
  };
}

function contextOf(row: Pick<WrappedKey, 'id' | 'organizationId'>): string {
  return JSON.stringify(['data-key', row.organizationId, row.id]);
}

function wrap(key: Uint8Array, row: Pick<WrappedKey, 'id' | 'organizationId'>, master: MasterKey): WrappedKey {
  const { iv, ciphertext, tag } = sealBytes(master.key, key, contextOf(row));
  return { id: row.id, organizationId: row.organizationId, masterKeyId: master.id, iv, wrapped: ciphertext, tag };
}

function unwrap(row: WrappedKey, keys: MasterKeys): Buffer {
  const master = keys.find(({ id }) => id === row.masterKeyId);
  if (!master) throw createWrong(row, keys);
  try {
    return openBytes(master.key, { iv: row.iv, ciphertext: row.wrapped, tag: row.tag }, contextOf(row));
  } catch {
    throw new FaultError({
      code: 'master-key-wrong',
      message: 'The key of an organization does not open',
      cause: `its row (${row.id}) was changed`,
      fix: 'Restore the row from a backup, or set the secrets of the organization again',
      retry: NO_RETRY,
    });
  }
}

function createWrong(row: WrappedKey, keys: MasterKeys): FaultError {
  return new FaultError({
    code: 'master-key-wrong',
    message: 'The secrets were sealed under another master key',
    cause: `they want the key ${row.masterKeyId}, this process has ${keys.map(({ id }) => id).join(', ')}`,
    fix: 'Give the master key they were sealed under, after the new one if it was replaced',
    retry: NO_RETRY,
  });
}

function createMissing(id: string): FaultError {
  return new FaultError({
    code: 'data-key-missing',
    message: 'The key that sealed a value is not in the database',
    cause: `there is no data key ${id}`,
    fix: 'Restore the table data_keys from a backup, or set the secret again',
    retry: NO_RETRY,
  });
}
