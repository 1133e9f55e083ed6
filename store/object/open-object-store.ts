import { createStorage, type Driver } from 'unstorage';
import { toStoreFault } from './disk-fault.ts';
import { fileDriver } from './file-driver.ts';
import { decodeKey, encodeKey } from './key.ts';
import type { ObjectStore } from './port.ts';

/** Objects as files below a folder, which is made when the first one is put. */
export function openObjectStore(options: { folder: string }): ObjectStore {
  return storeThroughDriver(fileDriver(options.folder));
}

/** The port over any driver of unstorage that keeps raw bytes and replaces a value atomically. */
export function storeThroughDriver(driver: Driver): ObjectStore {
  const storage = createStorage({ driver });
  return {
    async get(key) {
      const value = await attempt(`read the object ${key}`, () => storage.getItemRaw<Uint8Array>(encodeKey(key)));
      return value ?? null;
    },
    put: (key, value) => attempt(`store the object ${key}`, () => storage.setItemRaw(encodeKey(key), value)),
    has: (key) => attempt(`look for the object ${key}`, () => storage.hasItem(encodeKey(key))),
    async list(prefix) {
      const folder = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0));
      const encoded = await attempt(`list the objects ${prefix}`, () =>
        storage.getKeys(folder === '' ? '' : encodeKey(folder)),
      );
      const keys = encoded.map(decodeKey).filter((key) => key.startsWith(prefix));
      return keys.toSorted((left, right) => (left < right ? -1 : Number(left > right)));
    },
    remove: (key) => attempt(`remove the object ${key}`, () => storage.removeItem(encodeKey(key))),
  };
}

async function attempt<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (thrown) {
    throw toStoreFault(thrown, what);
  }
}
