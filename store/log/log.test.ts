import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getHeapSpaceStatistics } from 'node:v8';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { memoryObjectStore } from '../object/memory-object-store.ts';
import { openObjectStore } from '../object/open-object-store.ts';
import type { ObjectStore } from '../object/port.ts';
import { describeLogStore, digestOf, KEY, OPTIONS, readAll, textOf } from './log.contract.ts';
import { openLogStore } from './open-log-store.ts';

function openIn(objects: ObjectStore) {
  return { store: openLogStore({ objects }), reopen: () => openLogStore({ objects }) };
}

describeLogStore('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return openIn(openObjectStore({ folder }));
});
describeLogStore('memory', async () => openIn(memoryObjectStore()));

const makeLines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index + 1}\n`).join('');

it('a long log is few objects, any of its lines is found, and its digest is right', async () => {
  const objects = memoryObjectStore();
  const { store, reopen } = openIn(objects);
  const writer = await store.write(KEY, OPTIONS);
  const bytes = Buffer.from(makeLines(0, 1_000_000));
  for (let at = 0; at < bytes.length; at += 50_000) {
    const part = bytes.subarray(at, at + 50_000);
    await writer.append(part, part.length);
  }
  const running = await reopen().index(KEY);
  expect(running.lines).toBeGreaterThan(900_000);
  const index = await writer.end();
  expect(index).toMatchObject({ lines: 1_000_000, bytes: bytes.length, digest: digestOf(bytes) });
  expect((await objects.list('')).length).toBeLessThan(8);
  const reader = reopen();
  for (const line of [1, 2, 499_999, 900_000, 1_000_000]) {
    expect(textOf(await reader.readLines(KEY, line, 1))).toEqual([`line ${line}`]);
  }
  expect((await reader.readLines(KEY, 1, 1_000_000)).length).toBeLessThan(40_000);
  expect(digestOf(await readAll(reader))).toBe(index.digest);
});

/** Bytes of V8's large objects: each has pages of its own, and they wait long for the collector. */
function countLarge(): number {
  const large = getHeapSpaceStatistics().filter(({ space_name: name }) => name.endsWith('large_object_space'));
  return large.reduce((sum, space) => sum + space.space_used_size, 0);
}

it('a long log makes no large texts, and its memory is given back when it ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const writer = await openIn(openObjectStore({ folder })).store.write(KEY, OPTIONS);
  const bytes = Buffer.from(makeLines(0, 20_000)).subarray(0, 262_144);
  const before = { large: countLarge(), external: process.memoryUsage().arrayBuffers };
  let most = 0;
  for (let count = 0; count < 64; count++) {
    await writer.append(bytes, bytes.length);
    most = Math.max(most, countLarge());
  }
  expect(most - before.large).toBeLessThan(262_144);
  expect(process.memoryUsage().arrayBuffers - before.external).toBeGreaterThan(4_000_000);
  await writer.end();
  expect(process.memoryUsage().arrayBuffers - before.external).toBeLessThan(1_000_000);
});

/** Objects that stop for ever after some puts, as those of a killed process do. */
function mortal(objects: ObjectStore, puts: number): ObjectStore {
  let left = puts;
  const live = async <Result>(act: () => Promise<Result>, cost: number): Promise<Result> => {
    left -= cost;
    if (left < 0) throw new Error('killed');
    return act();
  };
  return {
    ...objects,
    put: (key, value) => live(() => objects.put(key, value), 1),
    remove: (key) => live(() => objects.remove(key), 1),
  };
}

it('writers that die at any put lose nothing and repeat nothing', async () => {
  const raw = Buffer.from(makeLines(0, 400));
  const stretch = fc.record({ puts: fc.nat(80), part: fc.integer({ min: 1, max: 40 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(stretch, { maxLength: 3 }), async (deaths) => {
      const objects = memoryObjectStore();
      for (const { puts, part } of deaths) await writeUntilDeath(mortal(objects, puts), raw, part);
      const last = await openLogStore({ objects }).write(KEY, OPTIONS);
      await last.append(raw.subarray(last.raw), raw.length - last.raw);
      const index = await last.end();
      expect(index).toMatchObject({ bytes: raw.length, lines: 400, digest: digestOf(raw) });
      expect(digestOf(await readAll(openLogStore({ objects })))).toBe(digestOf(raw));
      expect(index.groups.map((group) => group.step)).toEqual([...new Set(index.groups.map((group) => group.step))]);
    }),
    { numRuns: 20 },
  );
});

/** Appends in parts, each made durable, so that segments are merged on the way. */
async function writeUntilDeath(objects: ObjectStore, raw: Buffer, part: number): Promise<void> {
  const store = openLogStore({ objects });
  try {
    for (;;) {
      const writer = await store.write(KEY, OPTIONS);
      if (writer.raw === raw.length) return;
      const bytes = raw.subarray(writer.raw, writer.raw + part);
      await writer.mark({ kind: 'step-start', step: 1, title: 'all' }, 0);
      await writer.append(bytes, bytes.length);
      await writer.release();
    }
  } catch (thrown) {
    expect(String(thrown)).toMatch(/killed/);
  }
}

it('a damaged last segment is given up and asked for again', async () => {
  const objects = memoryObjectStore();
  const first = await openLogStore({ objects }).write(KEY, OPTIONS);
  await first.append(Buffer.from('one\n'), 4);
  await first.release();
  const second = await openLogStore({ objects }).write(KEY, OPTIONS);
  await second.append(Buffer.from('two\n'), 4);
  await second.release();
  const segments = (await objects.list('')).filter((key) => /_4-8_/.test(key));
  await objects.put(segments[0] ?? '', new Uint8Array(7));
  expect((await readAll(openLogStore({ objects }))).toString()).toBe('one\n');
  const third = await openLogStore({ objects }).write(KEY, OPTIONS);
  expect(third.raw).toBe(4);
  await third.append(Buffer.from('two\nthree\n'), 10);
  await third.end();
  expect((await readAll(openLogStore({ objects }))).toString()).toBe('one\ntwo\nthree\n');
});

it('a reader beside a writer sees a beginning of the log, always', async () => {
  const objects = memoryObjectStore();
  const { store, reopen } = openIn(objects);
  const bytes = Buffer.from(makeLines(0, 20_000));
  const reader = reopen();
  let isOver = false;
  const reading = (async () => {
    let [reads, seen] = [0, 0];
    while (!isOver) {
      const found = await readAll(reader, KEY, 0);
      expect(found.equals(bytes.subarray(0, found.length))).toBe(true);
      expect(found.length).toBeGreaterThanOrEqual(seen);
      seen = found.length;
      const line = randomInt(1, 20_000);
      const [row] = await reader.readLines(KEY, line, 1);
      if (row && !('partial' in row)) expect(textOf([row])).toEqual([`line ${line}`]);
      reads++;
    }
    return reads;
  })();
  for (let at = 0; at < bytes.length; at += 2_000) {
    const writer = await store.write(KEY, OPTIONS);
    await writer.append(bytes.subarray(at, at + 2_000), Math.min(2_000, bytes.length - at));
    await writer.release();
  }
  await (await store.write(KEY, OPTIONS)).end();
  isOver = true;
  expect(await reading).toBeGreaterThan(1);
});

it('a full disk reaches the next append or the end as disk-full', async () => {
  const { FaultError, NO_RETRY } = await import('#core/fault.ts');
  const objects = memoryObjectStore();
  const full = {
    ...objects,
    put: async (key: string, value: Uint8Array) => {
      if (!key.includes('_at_')) throw new FaultError({ code: 'disk-full', message: 'full', retry: NO_RETRY });
      await objects.put(key, value);
    },
  };
  const writer = await openLogStore({ objects: full }).write(KEY, OPTIONS);
  await writer.append(Buffer.from('x\n'), 2);
  await expect(writer.end()).rejects.toMatchObject({ fault: { code: 'disk-full' } });
});
