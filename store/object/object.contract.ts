import { describe, expect, it } from 'vitest';
import type { ObjectStore } from './port.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const text = (value: Uint8Array | null) => (value === null ? null : Buffer.from(value).toString());

/** What every {@link ObjectStore} does. `open` makes an empty one. */
export function describeObjectStore(name: string, open: () => Promise<ObjectStore>): void {
  describe(`object store: ${name}`, () => {
    it('answers null for what was never put', async () => {
      const store = await open();
      expect(await store.get('a/b')).toBeNull();
      expect(await store.stat('a/b')).toBeNull();
      expect(await store.touch('a/b')).toBe(false);
      expect(await store.listFolders('a/')).toEqual([]);
      await store.remove('a/');
      expect(await store.list('a/')).toEqual([]);
      await store.remove('a/b');
    });

    it('gives back the bytes it was given, also none and those that are no text', async () => {
      const store = await open();
      const binary = Uint8Array.from({ length: 256 }, (_, index) => index);
      await store.put('binary', binary);
      await store.put('empty', new Uint8Array());
      expect(Buffer.compare((await store.get('binary')) ?? new Uint8Array(), binary)).toBe(0);
      expect((await store.get('empty'))?.length).toBe(0);
      expect(await store.stat('empty')).toMatchObject({ bytes: 0 });
      expect(await store.stat('binary')).toMatchObject({ bytes: 256 });
    });

    it('replaces a value, and removes it', async () => {
      const store = await open();
      await store.put('key', bytes('one'));
      await store.put('key', bytes('two'));
      expect(text(await store.get('key'))).toBe('two');
      await store.remove('key');
      expect(await store.get('key')).toBeNull();
    });

    it('keeps strange keys apart and lists them as they were given', async () => {
      const store = await open();
      const keys = ['a:b', 'a/b', 'a?b', 'a$', 'a%3ab', 'test[node=22,os=linux]/1', '.hidden', 'ü ö', "it's (~!*)"];
      for (const key of keys) await store.put(`x/${key}`, bytes(key));
      for (const key of keys) expect(text(await store.get(`x/${key}`))).toBe(key);
      const expected = keys.map((key) => `x/${key}`).toSorted((a, b) => (a < b ? -1 : 1));
      expect(await store.list('x/')).toEqual(expected);
    });

    it('lists by prefix, which need not end at a slash', async () => {
      const store = await open();
      for (const key of ['log/1/a', 'log/1/b', 'log/10/a', 'plan']) await store.put(key, bytes(key));
      expect(await store.list('log/1')).toEqual(['log/1/a', 'log/1/b', 'log/10/a']);
      expect(await store.list('log/1/')).toEqual(['log/1/a', 'log/1/b']);
      expect(await store.list('')).toHaveLength(4);
    });

    it('lists the folders below one, and removes one with all in it', async () => {
      const store = await open();
      const keys = ['log/1/a', 'log/1/b/c', 'log/10/a', 'log/[x]/a', 'log/plain', 'plan'];
      for (const key of keys) await store.put(key, bytes(key));
      expect(await store.listFolders('log/')).toEqual(['1', '10', '[x]']);
      await store.remove('log/1/');
      expect(await store.list('')).toEqual(['log/10/a', 'log/[x]/a', 'log/plain', 'plan']);
      expect(await store.listFolders('log/')).toEqual(['10', '[x]']);
    });

    it('tells when an object was put or touched last', async () => {
      const store = await open();
      await store.put('key', bytes('value'));
      const first = (await store.stat('key'))?.changedAt ?? 0;
      expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
      await expect
        .poll(async () => (await store.touch('key')) && ((await store.stat('key'))?.changedAt ?? 0))
        .toBeGreaterThan(first);
      expect(text(await store.get('key'))).toBe('value');
    });

    it('refuses keys that could leave it', async () => {
      const store = await open();
      for (const key of ['../x', 'a/../b', '/a', 'a//b', './a', '']) {
        await expect(store.put(key, bytes('x'))).rejects.toMatchObject({ fault: { code: 'object-key-invalid' } });
        await expect(store.remove(`${key}/`)).rejects.toMatchObject({ fault: { code: 'object-key-invalid' } });
      }
    });

    it('shows a reader the old value or the new one while it is put', async () => {
      const store = await open();
      const values = [Buffer.alloc(300_000, 'a'), Buffer.alloc(300_000, 'b')];
      await store.put('key', values[0] ?? Buffer.alloc(0));
      const writes = Array.from({ length: 20 }, (_, index) => store.put('key', values[index % 2] ?? Buffer.alloc(0)));
      for (let round = 0; round < 20; round++) {
        const seen = Buffer.from((await store.get('key')) ?? []);
        expect(values.some((value) => value.equals(seen))).toBe(true);
      }
      await Promise.all(writes);
    });
  });
}
