import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import memoryDriver from 'unstorage/drivers/memory';
import { expect, it, onTestFinished } from 'vitest';
import { memoryObjectStore } from './memory-object-store.ts';
import { describeObjectStore } from './object.contract.ts';
import { openObjectStore, storeThroughDriver } from './open-object-store.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-object-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describeObjectStore('folder', async () => openObjectStore({ folder: join(await makeFolder(), 'not', 'yet') }));
describeObjectStore('memory', async () => memoryObjectStore());

it('a full disk is a fault with the code disk-full, and leaves no half file', async () => {
  const full = {
    ...memoryDriver(),
    setItemRaw: () => Promise.reject(Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })),
  };
  const store = storeThroughDriver(full);
  await expect(store.put('key', new Uint8Array(1))).rejects.toMatchObject({ fault: { code: 'disk-full' } });
  expect(await store.stat('key')).toBeNull();
});

const mayMount = process.getuid?.() === 0 && process.platform === 'linux';

it.skipIf(!mayMount /* a small disk is mounted, which takes root on Linux */)(
  'a disk that is really full says so',
  async () => {
    const folder = await makeFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'buildit-test', folder]);
    onTestFinished(() => void execFileSync('umount', [folder]));
    const store = openObjectStore({ folder });
    await store.put('fits', new Uint8Array(1024));
    await expect(store.put('large', new Uint8Array(1024 * 1024))).rejects.toMatchObject({
      fault: { code: 'disk-full' },
    });
    expect(await store.list('')).toEqual(['fits']);
    expect(await readdir(join(folder, '.writing'))).toEqual([]);
  },
);

it('a folder that cannot be written is a fault that names the cause', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'file'), '');
  const store = openObjectStore({ folder: join(folder, 'file') });
  await expect(store.put('key', new Uint8Array(1))).rejects.toMatchObject({ fault: { code: 'store-failed' } });
});

it('what a killed writer left half written is swept by a later one', async () => {
  const folder = await makeFolder();
  const store = openObjectStore({ folder });
  await store.put('first', new Uint8Array(1));
  const old = join(folder, '.writing', 'left-behind');
  await writeFile(old, 'half');
  await utimes(old, 1, 1);
  await openObjectStore({ folder }).put('second', new Uint8Array(1));
  expect(await readdir(join(folder, '.writing'))).toEqual([]);
  expect(await store.list('')).toEqual(['first', 'second']);
});
