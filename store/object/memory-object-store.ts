import memoryDriver from 'unstorage/drivers/memory';
import { storeThroughDriver } from './open-object-store.ts';
import type { ObjectStore } from './port.ts';

/** The fake of the port: the same code over unstorage's memory driver, which is told the times. For tests. */
export function memoryObjectStore(now: () => number = Date.now): ObjectStore {
  const times = new Map<string, number>();
  const driver = memoryDriver();
  const store = storeThroughDriver({
    ...driver,
    // A copy, as a disk would make one: the bytes are the caller's own.
    async getItemRaw(key, options) {
      const value: unknown = await driver.getItemRaw?.(key, options);
      return value instanceof Uint8Array ? Uint8Array.from(value) : value;
    },
    getMeta: (key) => ({ mtime: new Date(times.get(key) ?? now()) }),
    setItemRaw(key, value: Uint8Array, options) {
      times.set(key, now());
      // A copy, as a disk would make one: the caller may reuse its buffer afterwards.
      return driver.setItemRaw?.(key, Uint8Array.from(value), options);
    },
  });
  return store;
}
