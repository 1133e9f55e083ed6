import memoryDriver from 'unstorage/drivers/memory';
import { storeThroughDriver } from './open-object-store.ts';
import type { ObjectStore } from './port.ts';

/** The fake of the port: the same code over unstorage's memory driver. For tests. */
export function memoryObjectStore(): ObjectStore {
  const store = storeThroughDriver(memoryDriver());
  // A copy, as a disk would make one: the caller may reuse its buffer afterwards.
  return { ...store, put: (key, value) => store.put(key, Uint8Array.from(value)) };
}
