import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES } from '../artifact/chunk-writer.ts';
import type { ObjectStore } from '../object/port.ts';
import { openCacheStore } from './open-cache-store.ts';
import type { CacheContent, CacheStore } from './port.ts';

type TarEntry = Partial<Header> & { name: string; body?: Buffer };

const ID = { runId: '0198-run', name: 'one' };
const random = (bytes: number, seed: string) => createHash('shake256', { outputLength: bytes }).update(seed).digest();

function makeTar(entries: TarEntry[]): Readable {
  const archive = pack();
  // A copy: the store frees what it is given.
  for (const { body, ...header } of entries) archive.entry(header, Buffer.from(body ?? ''));
  archive.finalize();
  return Readable.from(archive);
}

async function unpack(tar: Readable) {
  const archive = extract();
  Readable.from(tar)
    .on('error', (error) => archive.destroy(error))
    .pipe(archive);
  const entries: Record<string, string> = {};
  for await (const entry of archive) {
    const body = (await buffer(entry)).toString('latin1');
    entries[entry.header.name] = entry.header.type === 'symlink' ? `-> ${entry.header.linkname}` : body;
  }
  return entries;
}

async function save(store: CacheStore, entries: TarEntry[], id = ID): Promise<CacheContent> {
  return (await store.save(id, makeTar(entries), ['home/.npm', 'a'])) ?? expect.fail('nothing was saved');
}

/** What entries of caches keep on every driver of the object store. */
export function testCacheStore(name: string, openObjects: () => Promise<ObjectStore>): void {
  describe(`cache store contract on ${name}`, () => {
    it('a tree comes back as it was, links that lead anywhere included', async () => {
      const store = openCacheStore({ objects: await openObjects() });
      const large = random(2.5 * CHUNK_BYTES, 'large');
      const saved = await save(store, [
        { name: 'home/.npm/', type: 'directory' },
        { name: 'home/.npm/a', body: Buffer.from('one') },
        { name: 'home/.npm/large', body: large },
        { name: 'workspace/.venv/bin/python', type: 'symlink', linkname: '/usr/bin/python3' },
      ]);
      expect(saved).toMatchObject({ files: 3, bytes: 3 + large.length, reference: { folders: ['home/.npm'] } });
      expect(await unpack(store.load(saved.reference))).toEqual({
        'home/.npm/': '',
        'home/.npm/a': 'one',
        'home/.npm/large': large.toString('latin1'),
        'workspace/.venv/bin/python': '-> /usr/bin/python3',
      });
    });

    it('saving again under one id answers what was saved first', async () => {
      const store = openCacheStore({ objects: await openObjects() });
      const first = await save(store, [{ name: 'a', body: Buffer.from('one') }]);
      expect(await save(store, [{ name: 'a', body: Buffer.from('other') }])).toEqual(first);
      expect(await unpack(store.load(first.reference))).toEqual({ a: 'one' });
    });

    it('a save that was cut off is nothing, and can be done again', async () => {
      const objects = await openObjects();
      const store = openCacheStore({ objects });
      const whole = makeTar([{ name: 'a', body: random(2 * CHUNK_BYTES, 'cut') }]);
      const cut = Readable.from(
        (async function* () {
          let given = 0;
          for await (const bytes of whole as AsyncIterable<Uint8Array>) {
            given += bytes.length;
            if (given > 1.5 * CHUNK_BYTES) throw new Error('the stage went away');
            yield bytes;
          }
        })(),
      );
      await expect(store.save(ID, cut, [])).rejects.toMatchObject({ fault: { code: 'artifact-unreadable' } });
      expect(await objects.get('caches/0198-run/one/manifest.json')).toBeNull();
      const saved = await save(store, [{ name: 'a', body: random(2 * CHUNK_BYTES, 'cut') }]);
      expect(Object.keys(await unpack(store.load(saved.reference)))).toEqual(['a']);
    });

    it('each chunk is read once, in whatever order the files were packed', async () => {
      const objects = await openObjects();
      const names = Array.from({ length: 64 }, (_, index) => `d${(index * 37) % 64}`);
      const files = names.map((name) => ({ name, body: random(CHUNK_BYTES / 16, name) }));
      const saved = await save(openCacheStore({ objects }), files);
      const chunks = (await objects.list('caches/')).filter((key) => key.includes('/chunks/'));
      let reads = 0;
      const counted = { ...objects, get: (key: string) => (reads++, objects.get(key)) };
      expect(Object.keys(await unpack(openCacheStore({ objects: counted }).load(saved.reference)))).toHaveLength(64);
      // And the manifest.
      expect(reads).toBe(chunks.length + 1);
    });

    it('folders alone are nothing to save', async () => {
      const store = openCacheStore({ objects: await openObjects() });
      expect(await store.save(ID, makeTar([{ name: 'workspace/x/', type: 'directory' }]), [])).toBeNull();
    });

    it('a byte that is not what was saved ends the stream with the fault', async () => {
      const objects = await openObjects();
      const store = openCacheStore({ objects });
      const { reference } = await save(store, [{ name: 'a', body: random(CHUNK_BYTES, 'x') }]);
      const [chunk = ''] = await objects.list('caches/0198-run/one/chunks/');
      await objects.put(chunk, Buffer.from('damaged'));
      await expect(unpack(store.load(reference))).rejects.toMatchObject({ fault: { code: 'artifact-corrupt' } });
    });

    it('nothing may lie below a link, nor outside', async () => {
      const store = openCacheStore({ objects: await openObjects() });
      const below: TarEntry[] = [{ name: 'l', type: 'symlink', linkname: '/etc' }, { name: 'l/passwd' }];
      await expect(store.save(ID, makeTar(below), [])).rejects.toMatchObject({ fault: { code: 'artifact-unsafe' } });
      await expect(store.save(ID, makeTar([{ name: '../x' }]), [])).rejects.toMatchObject({
        fault: { code: 'artifact-unsafe' },
      });
    });

    it('removing takes all of one entry and nothing of another with the same content', async () => {
      const objects = await openObjects();
      const store = openCacheStore({ objects });
      const tree = () => [{ name: 'a', body: random(CHUNK_BYTES, 'same') }];
      const other = { runId: '0198-other', name: 'two' };
      await save(store, tree());
      const kept = await save(store, tree(), other);
      expect(await store.list()).toEqual(expect.arrayContaining([ID, other]));
      await store.remove(ID);
      await store.remove(ID);
      expect(await store.list()).toEqual([other]);
      expect(await objects.list('caches/0198-run/')).toEqual([]);
      expect(Object.keys(await unpack(store.load(kept.reference)))).toEqual(['a']);
    });
  });
}
