import type { ObjectStore } from './port.ts';

/** The part of a store below a prefix (`caches/…/`), as a store of its own. */
export function within(objects: ObjectStore, prefix: string): ObjectStore {
  return {
    get: (key) => objects.get(prefix + key),
    put: (key, value) => objects.put(prefix + key, value),
    stat: (key) => objects.stat(prefix + key),
    touch: (key) => objects.touch(prefix + key),
    list: async (inner) => (await objects.list(prefix + inner)).map((key) => key.slice(prefix.length)),
    listFolders: (inner) => objects.listFolders(prefix + inner),
    remove: (key) => objects.remove(prefix + key),
  };
}
