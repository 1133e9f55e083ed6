import { createStorage, type Driver } from 'unstorage';
import { toStoreFault } from './disk-fault.ts';
import { fileDriver } from './file-driver.ts';
import { decodeKey, encodeKey } from './key.ts';
import type { ObjectStore } from './port.ts';

/** A driver of unstorage, with what some can do better than by its own verbs. Folders are encoded, without a `:` behind. */
export interface ObjectDriver extends Driver {
  touchItem?(key: string): Promise<boolean>;
  listFolders?(folder: string): Promise<string[]>;
  removeFolder?(folder: string): Promise<void>;
}

/** Objects as files below a folder, which is made when the first one is put. */
export function openObjectStore(options: { folder: string }): ObjectStore {
  return storeThroughDriver(fileDriver(options.folder));
}

/**
 * The port over any driver of unstorage that keeps raw bytes and replaces a value atomically. Of one that does not know
 * when an object was put, every object is as young as can be: nothing of it is ever swept by its age.
 */
export function storeThroughDriver(driver: ObjectDriver): ObjectStore {
  const storage = createStorage({ driver });
  const read = async (key: string) => (await storage.getItemRaw<Uint8Array>(encodeKey(key))) ?? null;
  const listKeys = async (folder: string) => storage.getKeys(folder === '' ? '' : encodeKey(folder));
  return {
    get: (key) => attempt(`read the object ${key}`, () => read(key)),
    put: (key, value) => attempt(`store the object ${key}`, () => storage.setItemRaw(encodeKey(key), value)),
    stat: (key) =>
      attempt(`look for the object ${key}`, async () => {
        const encoded = encodeKey(key);
        if (!(await storage.hasItem(encoded))) return null;
        const known = await driver.getMeta?.(encoded, {});
        const size: unknown = known?.['size'];
        const bytes = typeof size === 'number' ? size : (await read(key))?.byteLength;
        return bytes === undefined ? null : { bytes, changedAt: known?.mtime?.getTime() ?? Date.now() };
      }),
    touch: (key) =>
      attempt(`keep the object ${key}`, async () => {
        if (driver.touchItem) return driver.touchItem(encodeKey(key));
        const value = await read(key);
        if (value !== null) await storage.setItemRaw(encodeKey(key), value);
        return value !== null;
      }),
    async list(prefix) {
      const folder = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0));
      const encoded = await attempt(`list the objects ${prefix}`, () => listKeys(folder));
      const keys = encoded.map(decodeKey).filter((key) => key.startsWith(prefix));
      return keys.toSorted(byteOrder);
    },
    listFolders: (prefix) =>
      attempt(`list the folders of ${prefix}`, async () => {
        const folder = prefix.slice(0, -1);
        const own = await driver.listFolders?.(encodeKey(folder));
        if (own) return own.map(decodeKey).toSorted(byteOrder);
        const below = (await listKeys(folder)).map((key) => decodeKey(key).slice(prefix.length).split('/'));
        return [...new Set(below.flatMap(([name = '', ...rest]) => (rest.length > 0 ? [name] : [])))].toSorted(
          byteOrder,
        );
      }),
    remove: (key) =>
      attempt(`remove the object ${key}`, async () => {
        if (!key.endsWith('/')) return storage.removeItem(encodeKey(key));
        const folder = encodeKey(key.slice(0, -1));
        if (driver.removeFolder) return driver.removeFolder(folder);
        for (const inner of await storage.getKeys(folder)) await storage.removeItem(inner);
      }),
  };
}

function byteOrder(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

async function attempt<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (thrown) {
    throw toStoreFault(thrown, what);
  }
}
