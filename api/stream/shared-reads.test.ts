import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangeHub } from './hub.ts';
import { shareReads } from './shared-reads.ts';

describe('a read that streams make together', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const setUp = () => {
    const listeners = new Set<() => void>();
    const hub: ChangeHub = {
      listen(_topic, onMoved) {
        listeners.add(onMoved);
        return () => listeners.delete(onMoved);
      },
      close: async () => {},
    };
    let count = 0;
    const reads = shareReads(hub);
    return { listeners, reads, read: (key = 'list') => reads.read(key, ['ring'], async () => (count += 1)) };
  };

  test('is made once until a ring, and then anew', async () => {
    const { listeners, read } = setUp();
    expect(await Promise.all([read(), read(), read('other'), read()])).toEqual([1, 1, 2, 1]);
    for (const ring of listeners) ring();
    expect(listeners.size).toBe(0);
    expect(await Promise.all([read(), read()])).toEqual([3, 3]);
  });

  test('is made anew some seconds later without a ring, and nothing of it is kept', async () => {
    const { listeners, read } = setUp();
    expect(await read()).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(listeners.size).toBe(0);
    expect(await read()).toBe(2);
  });

  test('that failed is not kept', async () => {
    const { reads } = setUp();
    await expect(reads.read('list', ['ring'], () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await reads.read('list', ['ring'], async () => 'there')).toBe('there');
  });
});
