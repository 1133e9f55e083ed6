import { withPatience } from '#db/away.ts';
import type { Database } from '#db/client.ts';
import {
  countCacheUse,
  evictCaches,
  findCache,
  findStrayCaches,
  forgetCache,
  insertCache,
} from '#db/queries/caches.ts';
import { PATIENCE_MS } from './patience.ts';
import type { CacheRecords } from './port.ts';

/** The index of cache entries, in Postgres. */
export function createCacheRecords(database: Database): CacheRecords {
  const patient = <Result>(act: () => Promise<Result>) => withPatience(act, PATIENCE_MS);
  return {
    findCache: (wanted) => patient(() => findCache(database, wanted)),
    insertCache: (entry) => patient(() => insertCache(database, entry)),
    countCacheUse: (use) => patient(() => countCacheUse(database, use)),
    forgetCache: (id) => patient(() => forgetCache(database, id)),
    evictCaches: (of) => patient(() => evictCaches(database, of)),
    findStrayCaches: (stored) => patient(() => findStrayCaches(database, stored)),
  };
}
