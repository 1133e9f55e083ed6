import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { walkThrough } from '../swept.ts';
import { openSnapshotStore } from './open-snapshot-store.ts';
import type { SnapshotReference } from './port.ts';
import { listIndexDigests } from './stat-index.ts';
import { sweepSnapshots } from './sweep-snapshots.ts';

const HOUR = 3_600_000;
const forget = async (digests: readonly string[]) => [...digests];

async function openSources() {
  const base = await mkdtemp(join(tmpdir(), 'buildit-sweep-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const [folder, root] = [join(base, 'snapshots'), join(base, 'root')];
  await mkdir(root);
  const store = openSnapshotStore({ folder });
  const files = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return {
    folder,
    root,
    store,
    async take(content: string): Promise<SnapshotReference> {
      await writeFile(join(root, 'same'), 'the same in all');
      await writeFile(join(root, 'changes'), content);
      return store.take(root, { git: false });
    },
    /** As if nobody had touched anything for so long. */
    async age(ms: number) {
      const at = new Date(Date.now() - ms);
      for (const entry of await files()) await utimes(join(entry.parentPath, entry.name), at, at);
    },
    sweep: (kept: readonly SnapshotReference[], { isDry = false, isThorough = true } = {}) =>
      walkThrough(
        sweepSnapshots(
          { folder, kept: new Set(kept.map(({ digest }) => digest)), forget, isThorough },
          { graceMs: HOUR, isDry },
        ),
      ),
    count: async (part: string) =>
      (await files()).filter((entry) => entry.parentPath.startsWith(join(folder, part))).length,
    async read(reference: SnapshotReference) {
      const target = await mkdtemp(join(base, 'read-'));
      await store.unpack(reference, target);
      return (await readdir(target)).toSorted();
    },
  };
}

it('a snapshot that no kept run begins from goes with the contents that it alone has', async () => {
  const source = await openSources();
  const [old, kept] = [await source.take('old'), await source.take('kept')];
  await source.age(2 * HOUR);
  expect(await source.sweep([kept], { isDry: true })).toMatchObject({ count: 1, bytes: 3 });
  expect(await source.count('manifests')).toBe(2);
  expect(await source.sweep([kept])).toMatchObject({ count: 1, bytes: 3 });
  expect(await source.read(kept)).toEqual(['changes', 'same']);
  await expect(source.read(old)).rejects.toMatchObject({ fault: { code: 'snapshot-lost' } });
  expect([await source.count('manifests'), await source.count('contents')]).toEqual([1, 2]);
  expect(await source.sweep([kept])).toMatchObject({ count: 0, bytes: 0 });
});

it('the empty tree, which runs without a repository share, stays', async () => {
  const source = await openSources();
  const empty = await source.store.take(source.root, { git: false });
  await source.age(60 * 24 * HOUR);
  expect((await source.sweep([])).count).toBe(0);
  expect(await source.read(empty)).toEqual([]);
});

it('a tree that is taken again while its last snapshot is swept is whole', async () => {
  const source = await openSources();
  const first = await source.take('x');
  await source.age(2 * HOUR);
  // No run begins from it, and somebody has just taken the same.
  const again = await source.store.take(source.root, { git: false });
  expect(again.digest).toBe(first.digest);
  await source.sweep([]);
  expect(await source.read(again)).toEqual(['changes', 'same']);
});

it('contents that an index trusts stay; without their index they are read again', async () => {
  const source = await openSources();
  await source.take('x');
  // Once its files are older than their clock is fine, the index trusts their stamps.
  const trusted = async () => {
    await source.store.take(source.root, { git: false });
    const index = (await readdir(join(source.folder, 'index'))).find((name) => name.endsWith('.json')) ?? '';
    return (await listIndexDigests(join(source.folder, 'index', index))).length;
  };
  await expect.poll(trusted, { timeout: 20_000, interval: 500 }).toBe(2);
  await source.age(2 * HOUR);
  expect((await source.sweep([])).count).toBe(1);
  expect(await source.count('contents')).toBe(2);
  const second = await source.store.take(source.root, { git: false });
  expect(await source.read(second)).toEqual(['changes', 'same']);
  // A folder nobody ran for two months: first the index goes, then what it named.
  await source.age(60 * 24 * HOUR);
  await source.sweep([]);
  expect([await source.count('index'), await source.count('contents')]).toEqual([0, 2]);
  await source.sweep([]);
  expect(await source.count('contents')).toBe(0);
  const third = await source.store.take(source.root, { git: false });
  expect(await source.read(third)).toEqual(['changes', 'same']);
});

it('one whose row is still wanted stays, and what died half made goes after a day', async () => {
  const source = await openSources();
  const wanted = await source.take('x');
  await mkdir(join(source.folder, 'git-abc'), { recursive: true });
  await writeFile(join(source.folder, 'contents', '.draft'), 'half');
  await source.age(2 * HOUR);
  const options = { graceMs: HOUR, isDry: false };
  const sources = { folder: source.folder, kept: new Set<string>(), forget: async () => [], isThorough: true };
  expect((await walkThrough(sweepSnapshots(sources, options))).count).toBe(0);
  expect(await source.read(wanted)).toEqual(['changes', 'same']);
  expect(await readdir(join(source.folder, 'contents'))).toContain('.draft');
  const old = new Date(Date.now() - 48 * HOUR);
  for (const name of ['git-abc', 'contents/.draft']) await utimes(join(source.folder, name), old, old);
  await walkThrough(sweepSnapshots(sources, options));
  expect(await readdir(join(source.folder, 'contents'))).not.toContain('.draft');
  expect(await readdir(source.folder)).not.toContain('git-abc');
});
