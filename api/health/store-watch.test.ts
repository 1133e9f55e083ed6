import { describe, expect, test } from 'vitest';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { memoryObjectStore } from '#store/object/memory-object-store.ts';
import type { ObjectStore } from '#store/object/port.ts';
import { watchStore } from './store-watch.ts';

/** A store that can be made to fail, and a clock that is set. */
function open() {
  const store = memoryObjectStore();
  const state = { now: 1_000_000, wrong: null as Error | null };
  const objects: ObjectStore = {
    ...store,
    put: async (key, value) => {
      if (state.wrong) throw state.wrong;
      await store.put(key, value);
    },
  };
  const look = watchStore({ objects, now: () => state.now });
  return { store, state, look };
}

const failed = () =>
  new FaultError({ code: 'store-failed', message: 'Could not store', fix: 'mount it', retry: NO_RETRY });

describe('the watch of the store', () => {
  test('what it has written is gone, and it says how long that took', async () => {
    const { store, look } = open();
    expect(await look()).toMatchObject({
      ...{ id: 'store', state: 'ok', value: expect.stringMatching(/^written, read and deleted in \d+ ms$/) },
      ...{ limit: expect.stringContaining('1000 ms'), remedy: null },
    });
    expect(await store.list('')).toEqual([]);
  });

  test('one that fails is a fault after a minute, with what helps, and no more when it is well', async () => {
    const { state, look } = open();
    state.wrong = failed();
    expect(await look()).toMatchObject({ state: 'warn', value: 'Could not store', remedy: 'mount it' });
    state.now += 30_000;
    expect(await look()).toMatchObject({ state: 'warn', value: 'Could not store, for 30.0s' });
    state.now += 30_000;
    expect(await look()).toMatchObject({ state: 'bad', value: 'Could not store, for 1m 00s' });
    state.wrong = null;
    state.now += 5_000;
    expect(await look()).toMatchObject({ state: 'ok', remedy: null });
    state.wrong = failed();
    state.now += 5_000;
    expect(await look()).toMatchObject({ state: 'warn' });
  });

  test('what nobody has looked at meanwhile does not count as failing', async () => {
    const { state, look } = open();
    state.wrong = failed();
    await look();
    state.now += 3_600_000;
    expect(await look()).toMatchObject({ state: 'warn', value: 'Could not store' });
  });

  test('one that gives back something else fails', async () => {
    const store = memoryObjectStore();
    const look = watchStore({ objects: { ...store, get: async () => null } });
    expect(await look()).toMatchObject({ state: 'warn', value: 'gives back something else than was written' });
  });

  test('one that fails to read leaves nothing behind', async () => {
    const store = memoryObjectStore();
    const look = watchStore({ objects: { ...store, get: () => Promise.reject(failed()) } });
    expect(await look()).toMatchObject({ state: 'warn', value: 'Could not store' });
    expect(await store.list('')).toEqual([]);
  });

  test('a probe that is late takes nothing from the next one', async () => {
    const store = memoryObjectStore();
    const late = Promise.withResolvers<void>();
    let now = 1_000_000;
    let reads = 0;
    const objects: ObjectStore = {
      ...store,
      async get(key) {
        reads += 1;
        if (reads === 1) await late.promise;
        else {
          late.resolve();
          await first;
        }
        return store.get(key);
      },
    };
    const look = watchStore({ objects, now: () => now });
    const first = look();
    now += 60_000;
    expect(await look()).toMatchObject({ state: 'ok' });
    expect([await first, await store.list('')]).toMatchObject([{ state: 'ok' }, []]);
  });
});
