import { manifestKeyOf } from '#store/cache/open-cache-store.ts';
import type { CacheStore } from '#store/cache/port.ts';
import type { CacheRecords } from '../record/port.ts';

/**
 * Removes stored entries of caches that have no row: of a worker that died while it saved, of a removal that was cut
 * off. One whose run is open may still be on its way and stays. Answers how many.
 */
export async function sweepCaches(
  { store, records }: { store: CacheStore; records: Pick<CacheRecords, 'findStrayCaches'> },
  isDry: boolean,
): Promise<number> {
  const stored = (await store.list()).map((id) => ({ id, runId: id.runId, key: manifestKeyOf(id) }));
  if (stored.length === 0) return 0;
  const stray = new Set(await records.findStrayCaches(stored.map(({ runId, key }) => ({ runId, key }))));
  for (const { id, key } of stored) if (stray.has(key) && !isDry) await store.remove(id);
  return stray.size;
}
