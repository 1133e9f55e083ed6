import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, type Header, pack } from 'tar-stream';
import { expect, it } from 'vitest';
import type { ArtifactReference } from '#core/attempt.ts';
import { memoryObjectStore } from '../object/memory-object-store.ts';
import { CHUNK_BYTES } from './chunk-writer.ts';
import { chunkKey } from './manifest.ts';
import { openArtifactStore } from './open-artifact-store.ts';
import type { ArtifactKey, ArtifactStore } from './port.ts';

const KEY: ArtifactKey = { runId: 'run-1', stage: 'build[os=linux]', attempt: 1, name: 'dist' };

type TarEntry = Partial<Header> & { name: string; body?: Buffer };

function makeTar(entries: TarEntry[]): Readable {
  const archive = pack();
  // A copy: the store frees what it is given.
  for (const { body, ...header } of entries) archive.entry(header, Buffer.from(body ?? ''));
  archive.finalize();
  return Readable.from(archive);
}

async function unpack(tar: Readable): Promise<(Header & { body: Buffer })[]> {
  const archive = extract();
  Readable.from(tar)
    .on('error', (error) => archive.destroy(error))
    .pipe(archive);
  const entries = [];
  for await (const entry of archive) entries.push({ ...entry.header, body: await buffer(entry) });
  return entries;
}

const roundTrip = async (store: ArtifactStore, tar: Readable) => unpack(store.load(await store.save(KEY, tar)));
const random = (bytes: number, seed: string) => createHash('shake256', { outputLength: bytes }).update(seed).digest();

it('what a tar gives is freed as it is saved, not when it is collected', async () => {
  const given: Uint8Array[] = [];
  const archive = pack();
  const entry = archive.entry({ name: 'large', size: 64 * 65_536 });
  for (let count = 0; count < 64; count++) {
    const piece = Buffer.alloc(65_536, count);
    given.push(piece);
    entry.write(piece);
  }
  entry.end(null);
  archive.finalize();
  const store = openArtifactStore({ objects: memoryObjectStore() });
  await store.save(KEY, Readable.from(archive));
  expect(given.map((piece) => piece.byteLength)).toEqual(Array.from({ length: 64 }, () => 0));
});

it('a tree comes back with its contents, modes, links and empty folders', async () => {
  const large = random(2.5 * CHUNK_BYTES, 'large');
  const seen = await roundTrip(
    openArtifactStore({ objects: memoryObjectStore() }),
    makeTar([
      { name: './', type: 'directory' },
      { name: './bin/', type: 'directory' },
      { name: './bin/tool', mode: 0o755, body: Buffer.from('#!/bin/sh\n') },
      { name: 'bin/again', type: 'link', linkname: './bin/tool' },
      { name: 'bin/large', mode: 0o640, body: large },
      { name: 'empty/', type: 'directory' },
      { name: 'nothing' },
      { name: 'lib/deep/link', type: 'symlink', linkname: '../../bin/tool' },
      { name: `${'long/'.repeat(60)}name`, body: Buffer.from('x') },
    ]),
  );
  const sorted = seen.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  expect(sorted.map((entry) => [entry.name, entry.type, entry.linkname])).toEqual([
    ['bin/', 'directory', null],
    ['bin/again', 'file', null],
    ['bin/large', 'file', null],
    ['bin/tool', 'file', null],
    ['empty/', 'directory', null],
    ['lib/deep/link', 'symlink', '../../bin/tool'],
    [`${'long/'.repeat(60)}name`, 'file', null],
    ['nothing', 'file', null],
  ]);
  expect(sorted[1]?.body.toString()).toBe('#!/bin/sh\n');
  expect(sorted[1]?.mode).toBe(0o755);
  expect(sorted[2]?.body.equals(large)).toBe(true);
  expect(sorted[7]?.body.length).toBe(0);
});

it('saving the same key again answers the first artifact and leaves it as it was', async () => {
  const store = openArtifactStore({ objects: memoryObjectStore() });
  const first = await store.save(KEY, makeTar([{ name: 'a', body: Buffer.from('one') }]));
  const second = await store.save(KEY, makeTar([{ name: 'a', body: Buffer.from('other') }]));
  expect(second).toEqual(first);
  expect(await store.list(first)).toMatchObject([{ path: 'a', bytes: 3 }]);
});

it('equal content is stored once', async () => {
  const objects = memoryObjectStore();
  const store = openArtifactStore({ objects });
  const large = random(2 * CHUNK_BYTES, 'same');
  await store.save(
    KEY,
    makeTar([
      { name: 'a', body: Buffer.from('x') },
      { name: 'large', body: large },
    ]),
  );
  const before = (await objects.list('chunks/')).length;
  await store.save(
    { ...KEY, attempt: 2 },
    makeTar([
      { name: 'b', body: Buffer.from('xyz') },
      { name: 'large', body: large },
    ]),
  );
  expect((await objects.list('chunks/')).length).toBe(before + 1);
});

for (const [what, entry] of [
  ['climbs', { name: '../x' }],
  ['climbs in the middle', { name: 'a/../../x' }],
  ['is absolute', { name: '/etc/passwd' }],
  ['is a link to an absolute path', { name: 'l', type: 'symlink', linkname: '/etc' }],
  ['is a link out of the tree', { name: 'a/l', type: 'symlink', linkname: '../../x' }],
  ['is a link that climbs behind a name', { name: 'l', type: 'symlink', linkname: 'a/../..' }],
  ['is a hard link to nothing', { name: 'l', type: 'link', linkname: '../../etc/passwd' }],
  ['is a device', { name: 'd', type: 'character-device' }],
  ['is a fifo', { name: 'f', type: 'fifo' }],
] satisfies [string, TarEntry][]) {
  it(`an entry that ${what} is refused, and no artifact exists`, async () => {
    const objects = memoryObjectStore();
    const saving = openArtifactStore({ objects }).save(KEY, makeTar([{ name: 'fine' }, entry]));
    await expect(saving).rejects.toMatchObject({ fault: { code: 'artifact-unsafe' } });
    expect(await objects.list('artifacts/')).toEqual([]);
  });
}

it('an entry below a link is refused', async () => {
  const tar = makeTar([{ name: 'l', type: 'symlink', linkname: 'd' }, { name: 'l/x' }]);
  const saving = openArtifactStore({ objects: memoryObjectStore() }).save(KEY, tar);
  await expect(saving).rejects.toMatchObject({ fault: { code: 'artifact-unsafe' } });
});

it('a tar that ends too early makes no artifact', async () => {
  const whole = await buffer(makeTar([{ name: 'a', body: Buffer.alloc(100_000) }]));
  const objects = memoryObjectStore();
  const saving = openArtifactStore({ objects }).save(KEY, Readable.from([whole.subarray(0, 50_000)]));
  await expect(saving).rejects.toMatchObject({ fault: { code: 'artifact-unreadable' } });
  expect(await objects.list('artifacts/')).toEqual([]);
});

it('a tar whose source breaks makes no artifact', async () => {
  const store = openArtifactStore({ objects: memoryObjectStore() });
  const whole = await buffer(makeTar([{ name: 'a', body: Buffer.alloc(100_000) }]));
  const broken = Readable.from(
    (function* () {
      yield whole.subarray(0, 50_000);
      throw new Error('connection reset');
    })(),
  );
  await expect(store.save(KEY, broken)).rejects.toMatchObject({ fault: { cause: 'connection reset' } });
});

async function saveThenHarm(harm: (key: string, objects: ReturnType<typeof memoryObjectStore>) => Promise<void>) {
  const objects = memoryObjectStore();
  const store = openArtifactStore({ objects });
  const reference = await store.save(KEY, makeTar([{ name: 'a', body: random(CHUNK_BYTES + 5, 'a') }]));
  const keys = await objects.list('chunks/');
  await harm(keys[0] ?? '', objects);
  return { store, reference, objects };
}

it('a chunk with other content is found when it is loaded', async () => {
  const { store, reference } = await saveThenHarm((key, objects) => objects.put(key, Buffer.from('other')));
  await expect(unpack(store.load(reference))).rejects.toMatchObject({ fault: { code: 'artifact-corrupt' } });
});

it('a chunk that is gone is found when it is loaded', async () => {
  const { store, reference } = await saveThenHarm((key, objects) => objects.remove(key));
  await expect(unpack(store.load(reference))).rejects.toMatchObject({ fault: { code: 'artifact-corrupt' } });
});

it('a manifest that was changed is found', async () => {
  const { store, reference, objects } = await saveThenHarm(() => Promise.resolve());
  const other: ArtifactReference = { ...reference, manifest: { ...reference.manifest, digest: 'other' } };
  await expect(store.list(other)).rejects.toMatchObject({ fault: { code: 'artifact-corrupt' } });
  await objects.remove(reference.manifest.key);
  await expect(store.list(reference)).rejects.toMatchObject({ fault: { code: 'artifact-corrupt' } });
});

it('a reader that goes away in the middle stops the reading', async () => {
  const objects = memoryObjectStore();
  const store = openArtifactStore({ objects });
  const body = random(8 * CHUNK_BYTES, 'long');
  const reference = await store.save(KEY, makeTar([{ name: 'a', body }]));
  let reads = 0;
  const counting = {
    ...objects,
    get: (key: string) => ((reads += Number(key.startsWith(chunkKey('').slice(0, 6)))), objects.get(key)),
  };
  for await (const bytes of openArtifactStore({ objects: counting }).load(reference)) {
    expect(bytes).toBeInstanceOf(Uint8Array);
    break;
  }
  expect(reads).toBeLessThan(4);
});

it('a stream goes on from any byte as it would have gone on, and is as long as it was said to be', async () => {
  const store = openArtifactStore({ objects: memoryObjectStore() });
  const reference = await store.save(
    KEY,
    makeTar([
      { name: 'folder/', type: 'directory' },
      { name: 'folder/a', body: random(700, 'a') },
      { name: `${'long/'.repeat(60)}name`, body: random(1_024, 'b') },
      { name: 'c', body: random(1.5 * CHUNK_BYTES, 'c') },
      { name: 'link', type: 'symlink', linkname: 'c' },
    ]),
  );
  const whole = await buffer(store.load(reference));
  expect(await store.measure(reference)).toBe(whole.length);
  for (const from of [0, 1, 512, 513, 1_211, 1_212, 5_000, whole.length - 1_025, whole.length - 1, whole.length]) {
    expect((await buffer(store.load(reference, from))).equals(whole.subarray(from)), String(from)).toBe(true);
  }
});

it('a load holds one chunk at a time, and frees it with its last byte', async () => {
  const objects = memoryObjectStore();
  const body = random(6 * CHUNK_BYTES, 'freed');
  const reference = await openArtifactStore({ objects }).save(KEY, makeTar([{ name: 'a', body }]));
  const given: Uint8Array[] = [];
  const watching = {
    ...objects,
    async get(key: string) {
      const bytes = await objects.get(key);
      if (bytes && key.startsWith('chunks/')) given.push(bytes);
      return bytes;
    },
  };
  let largest = 0;
  let most = 0;
  for await (const piece of openArtifactStore({ objects: watching }).load(reference)) {
    largest = Math.max(largest, (piece as Uint8Array).length);
    most = Math.max(most, given.filter((bytes) => bytes.length > 0).length);
  }
  expect(given).toHaveLength(6);
  expect(most).toBe(1);
  expect(largest).toBeLessThanOrEqual(64 * 1024);
});

it('a save that was cut at nine tenths puts only what is missing', async () => {
  const objects = memoryObjectStore();
  const body = random(10 * CHUNK_BYTES, 'resumed');
  const saving = (left: number) => {
    let puts = 0;
    const store = openArtifactStore({
      objects: {
        ...objects,
        async put(key, value) {
          if (puts++ === left) throw new Error('the connection was cut');
          await objects.put(key, value);
        },
      },
    });
    return { save: () => store.save(KEY, makeTar([{ name: 'a', body }])), puts: () => puts };
  };
  await expect(saving(9).save()).rejects.toThrow('cut');
  const again = saving(Number.POSITIVE_INFINITY);
  const reference = await again.save();
  // The last chunk and the manifest.
  expect(again.puts()).toBe(2);
  const [file] = await unpack(openArtifactStore({ objects }).load(reference));
  expect(file?.body.equals(body)).toBe(true);
});
