import type { CacheName, NewCache } from '#core/cache.ts';
import type { CacheRecords } from '../../record/port.ts';

type Entry = NewCache & { id: string; usedAt: number };

export interface MemoryCacheRecords extends CacheRecords {
  entries: Entry[];
  /** `hit npm`, `miss npm`, in order. */
  uses: string[];
}

/** The index of cache entries without a database: all runs are of one pipeline. */
export function createMemoryCacheRecords(): MemoryCacheRecords {
  let entries: Entry[] = [];
  const uses: string[] = [];
  let clock = 0;
  const isOf = (entry: Entry, { name, version }: CacheName) => entry.name === name && entry.version === version;
  return {
    get entries() {
      return entries;
    },
    uses,
    async findCache(wanted) {
      const own = entries.filter((entry) => isOf(entry, wanted));
      const pick = (fits: (key: string) => boolean) =>
        wanted.scopes.flatMap((scope) =>
          own.filter((entry) => entry.scope === scope && fits(entry.key)).toReversed(),
        )[0];
      const tries = [wanted.key, ...wanted.prefixes];
      const found = tries.map((text, index) => pick((key) => (index === 0 ? key === text : key.startsWith(text))));
      return found.find((entry) => entry !== undefined) ?? null;
    },
    async insertCache(entry) {
      const taken = entries.find((one) => isOf(one, entry) && one.scope === entry.scope && one.key === entry.key);
      if (taken) return taken.reference.key === entry.reference.key;
      entries.push({ ...entry, id: `entry-${++clock}`, usedAt: clock });
      return true;
    },
    async countCacheUse({ name, found }) {
      uses.push(`${found === null ? 'miss' : 'hit'} ${name}`);
      for (const entry of entries) if (entry.id === found) entry.usedAt = ++clock;
    },
    async forgetCache(id) {
      entries = entries.filter((entry) => entry.id !== id);
    },
    async evictCaches({ limitBytes }) {
      const newestFirst = entries.toSorted((left, right) => right.usedAt - left.usedAt);
      let total = 0;
      const gone = newestFirst.filter(({ bytes }) => (total += bytes) > limitBytes);
      entries = entries.filter((entry) => !gone.includes(entry));
      return gone.map(({ reference }) => reference);
    },
    findStrayCaches: async (stored) =>
      stored.map(({ key }) => key).filter((key) => !entries.some(({ reference }) => reference.key === key)),
  };
}
