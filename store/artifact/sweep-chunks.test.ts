import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { expect, it, vi } from 'vitest';
import { memoryObjectStore } from '../object/memory-object-store.ts';
import type { ObjectStore } from '../object/port.ts';
import { walkThrough } from '../swept.ts';
import { CHUNK_BYTES, openChunkWriter } from './chunk-writer.ts';
import { openArtifactStore } from './open-artifact-store.ts';
import type { ArtifactKey } from './port.ts';
import { removeArtifact, sweepChunks } from './sweep-chunks.ts';

const KEY: ArtifactKey = { runId: 'run-1', stage: 'build', attempt: 1, name: 'dist' };
const HOUR = 3_600_000;
const random = (seed: string) =>
  createHash('shake256', { outputLength: 2.5 * CHUNK_BYTES })
    .update(seed)
    .digest();

/** A store that is as old as it is told: what is put now is put so long ago. */
function openAged() {
  let ageMs = 0;
  const objects = memoryObjectStore(() => Date.now() - ageMs);
  return { objects, artifacts: openArtifactStore({ objects }), setAge: (ms: number) => (ageMs = ms) };
}

function makeTar(seed: string): Readable {
  const tar = pack();
  tar.entry({ name: 'file' }, random(seed));
  tar.finalize();
  return Readable.from(tar);
}

const sweep = (objects: ObjectStore, isDry = false) => walkThrough(sweepChunks(objects, { graceMs: HOUR, isDry }));
const count = async (objects: ObjectStore) => (await objects.list('chunks/')).length;

it('what no manifest names goes after the grace, what one names stays however old it is', async () => {
  const { objects, artifacts, setAge } = openAged();
  setAge(2 * HOUR);
  const kept = await artifacts.save(KEY, makeTar('kept'));
  await objects.put('chunks/ab/abc', Buffer.from('a writer died'));
  setAge(0);
  await objects.put('chunks/ab/abd', Buffer.from('a writer is at work'));
  expect(await sweep(objects, true)).toMatchObject({ count: 1, bytes: 13 });
  expect(await sweep(objects)).toMatchObject({ count: 1, bytes: 13 });
  expect(await objects.list('chunks/ab/')).toEqual(['chunks/ab/abd']);
  expect((await buffer(artifacts.load(kept))).length).toBeGreaterThan(2 * CHUNK_BYTES);
});

it('a clock that is set on by hours makes nothing old that was written a moment ago', async () => {
  const { objects } = openAged();
  await objects.put('chunks/ab/abc', Buffer.from('its manifest comes next'));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * HOUR });
  try {
    expect(await sweep(objects)).toMatchObject({ count: 0 });
  } finally {
    vi.useRealTimers();
  }
});

it('a removed artifact is gone at once; who reads it reads on, and its chunks go after the grace', async () => {
  const { objects, artifacts, setAge } = openAged();
  setAge(2 * HOUR);
  const reference = await artifacts.save(KEY, makeTar('old'));
  const shared = await artifacts.save({ ...KEY, name: 'again' }, makeTar('old'));
  const whole = (await buffer(artifacts.load(reference))).length;
  setAge(0);
  const reading = artifacts.load(reference).iterator();
  const first = (await reading.next()).value as Buffer;
  await removeArtifact(objects, reference.manifest.key);
  await removeArtifact(objects, shared.manifest.key);
  await removeArtifact(objects, shared.manifest.key);
  expect((await sweep(objects)).count).toBe(0);
  let read = first.length;
  for await (const bytes of reading) read += (bytes as Buffer).length;
  expect(read).toBe(whole);
  await expect(buffer(artifacts.load(reference))).rejects.toMatchObject({ fault: { code: 'artifact-corrupt' } });
  setAge(2 * HOUR);
  for (const key of await objects.list('chunks/')) await objects.touch(key);
  setAge(0);
  expect((await sweep(objects)).count).toBe(3);
  expect(await count(objects)).toBe(0);
});

it('while a manifest cannot be read no chunk goes; it can be removed', async () => {
  const { objects, setAge } = openAged();
  setAge(2 * HOUR);
  await objects.put('chunks/ab/abc', Buffer.from('of whom?'));
  await objects.put('artifacts/run-1/build/1/dist.json', Buffer.from('{"chunks":[{"dig'));
  await expect(sweep(objects)).rejects.toThrow('artifacts/run-1/build/1/dist.json');
  expect(await count(objects)).toBe(1);
  await removeArtifact(objects, 'artifacts/run-1/build/1/dist.json');
  expect((await sweep(objects)).count).toBe(1);
});

it('a writer that finds a chunk keeps it, at whatever moment a sweep looks', async () => {
  const { objects, artifacts, setAge } = openAged();
  setAge(2 * HOUR);
  const old = await artifacts.save(KEY, makeTar('same'));
  await objects.remove(old.manifest.key);
  setAge(0);
  let sweeps = 0;
  const swept: ObjectStore = {
    ...objects,
    async touch(key) {
      const found = await objects.touch(key);
      sweeps += 1;
      await sweep(objects);
      return found;
    },
  };
  const saved = await openArtifactStore({ objects: swept }).save({ ...KEY, runId: 'run-2' }, makeTar('same'));
  expect(sweeps).toBeGreaterThan(2);
  expect((await buffer(artifacts.load(saved))).length).toBeGreaterThan(2 * CHUNK_BYTES);
});

it('one that is removed between a look and the manifest makes the writer begin again, never an artifact with a hole', async () => {
  const { objects } = openAged();
  const writer = openChunkWriter({ ...objects, touch: async () => !(await objects.list('chunks/')).length });
  await writer.append(random('x'));
  await writer.append(random('x'));
  await objects.put('chunks/ab/abc', Buffer.from('x'));
  await expect(writer.end()).rejects.toMatchObject({ fault: { code: 'store-failed', retry: { kind: 'yes' } } });
});

it('chunks of a tree that takes hours to save are kept young until it is whole', async () => {
  let now = Date.now() - 5 * HOUR;
  const objects = memoryObjectStore(() => now);
  const writer = openChunkWriter(objects, () => now);
  for (let hour = 0; hour < 5; hour++) {
    await writer.append(random(`${hour}`));
    now += HOUR;
  }
  const chunks = await writer.end();
  expect((await sweep(objects)).count).toBe(0);
  expect(await count(objects)).toBe(new Set(chunks.map(({ digest }) => digest)).size);
});

it('a sweep that is killed at any moment leaves no artifact with a hole, and the next one does the rest', async () => {
  const { objects, artifacts, setAge } = openAged();
  setAge(2 * HOUR);
  const kept = await artifacts.save(KEY, makeTar('kept'));
  const gone = await artifacts.save({ ...KEY, name: 'gone' }, makeTar('gone'));
  await objects.remove(gone.manifest.key);
  setAge(0);
  let left = 1;
  const dying: ObjectStore = {
    ...objects,
    remove: (key) => (left-- > 0 ? objects.remove(key) : Promise.reject(new Error('killed'))),
  };
  await expect(sweep(dying)).rejects.toThrow('killed');
  expect(await count(objects)).toBe(5);
  expect((await sweep(objects)).count).toBe(2);
  await buffer(artifacts.load(kept));
});
