import { manifestKeyOf } from '#store/cache/open-cache-store.ts';
import type { CacheStore } from '#store/cache/port.ts';
import type { CacheRecords } from '../record/port.ts';

/** Listing all that is stored costs a look at every chunk: an hour is soon enough for what nobody can find. */
const EVERY_MS = 3_600_000;

/**
 * Removes stored entries of caches that have no row: of a worker that died while it saved, of a removal that was cut
 * off. One whose run is open may still be on its way and stays.
 */
export function createCacheSweep(
  { store, records }: { store: CacheStore; records: Pick<CacheRecords, 'findStrayCaches'> },
  now: () => number = Date.now,
): () => Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now() - last < EVERY_MS) return 0;
    last = now();
    const stored = (await store.list()).map((id) => ({ id, runId: id.runId, key: manifestKeyOf(id) }));
    if (stored.length === 0) return 0;
    const stray = new Set(await records.findStrayCaches(stored.map(({ runId, key }) => ({ runId, key }))));
    for (const { id, key } of stored) if (stray.has(key)) await store.remove(id);
    return stray.size;
  };
}
