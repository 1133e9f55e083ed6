import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { openCacheStore } from '#store/cache/open-cache-store.ts';
import { memoryObjectStore } from '#store/object/memory-object-store.ts';
import { createCacheSweep } from './sweep-caches.ts';

const HOUR = 3_600_000;

it('what is stored and belongs to nobody goes, and is looked for once an hour', async () => {
  const objects = memoryObjectStore();
  const store = openCacheStore({ objects });
  const save = async (name: string) => {
    const tar = pack();
    tar.entry({ name: 'a' }, name);
    tar.finalize();
    await store.save({ runId: 'run', name }, Readable.from(tar), []);
  };
  await save('kept');
  await save('stray');
  // Cut off while it was saved: there is no manifest.
  await objects.put('caches/run/torn/chunks/ab/abc', Buffer.from('x'));
  let [now, asked] = [0, 0];
  const findStrayCaches = async (stored: readonly { key: string }[]) => {
    asked++;
    return stored.map(({ key }) => key).filter((key) => !key.includes('kept'));
  };
  const sweep = createCacheSweep({ store, records: { findStrayCaches } }, () => now);
  expect(await sweep()).toBe(2);
  expect(await store.list()).toEqual([{ runId: 'run', name: 'kept' }]);
  await save('another');
  expect([await sweep(), asked]).toEqual([0, 1]);
  now = HOUR;
  expect([await sweep(), asked]).toEqual([1, 2]);
});
