import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { openCacheStore } from '#store/cache/open-cache-store.ts';
import { memoryObjectStore } from '#store/object/memory-object-store.ts';
import { sweepCaches } from './sweep-caches.ts';

it('what is stored and belongs to nobody goes, also what was cut off while it was saved', async () => {
  const objects = memoryObjectStore();
  const store = openCacheStore({ objects });
  for (const name of ['kept', 'stray']) {
    const tar = pack();
    tar.entry({ name: 'a' }, name);
    tar.finalize();
    await store.save({ runId: 'run', name }, Readable.from(tar), []);
  }
  // There is no manifest.
  await objects.put('caches/run/torn/chunks/ab/abc', Buffer.from('x'));
  const findStrayCaches = async (stored: readonly { key: string }[]) =>
    stored.map(({ key }) => key).filter((key) => !key.includes('kept'));
  const sweep = (isDry: boolean) => sweepCaches({ store, records: { findStrayCaches } }, isDry);
  expect(await sweep(true)).toBe(2);
  expect(await sweep(false)).toBe(2);
  expect(await store.list()).toEqual([{ runId: 'run', name: 'kept' }]);
  expect(await sweep(false)).toBe(0);
});
