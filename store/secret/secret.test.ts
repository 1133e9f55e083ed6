import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openRunSecretStore } from './open-run-secret-store.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-secret-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('a sealed value opens again, in another process too, and only for the names asked for', async () => {
  const folder = await makeFolder();
  await openRunSecretStore({ folder }).seal('run-1', { TOKEN: 'geheim-ü', OTHER: 'x', constructor: 'y' });
  const again = openRunSecretStore({ folder });
  expect(await again.open('run-1', ['TOKEN', 'toString', 'MISSING'])).toEqual({ TOKEN: 'geheim-ü' });
  expect(await again.describe('run-1')).toEqual({ secretFile: null, names: ['OTHER', 'TOKEN', 'constructor'] });
});

it('no file holds a value, and key and sealed file are readable by their owner alone', async () => {
  const folder = await makeFolder();
  await openRunSecretStore({ folder }).seal('run-1', { TOKEN: 'geheim-1234' });
  for (const name of ['key', 'run-1.json']) {
    const path = join(folder, name);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const content = await readFile(path);
    expect(content.includes('geheim-1234')).toBe(false);
    expect(content.includes(Buffer.from('geheim-1234').toString('base64'))).toBe(false);
  }
});

it('the secret file is read when a stage starts and wins over sealed values', async () => {
  const folder = await makeFolder();
  const file = join(folder, 'secrets.env');
  const store = openRunSecretStore({ folder: join(folder, 'store') });
  await store.seal('run-1', { A: 'sealed', B: 'sealed' });
  await store.point('run-1', file);
  await expect(store.open('run-1', ['A'])).rejects.toMatchObject({ fault: { code: 'secret-file-unreadable' } });
  await writeFile(file, '# ours\nexport A="from file"\nPEM="one\ntwo"\n');
  expect(await store.open('run-1', ['A', 'B', 'PEM'])).toEqual({ A: 'from file', B: 'sealed', PEM: 'one\ntwo' });
  expect(await store.describe('run-1')).toEqual({ secretFile: file, names: ['A', 'B'] });
});

it('nothing is left of a run that is forgotten', async () => {
  const folder = await makeFolder();
  const store = openRunSecretStore({ folder });
  await store.seal('run-1', { A: 'x' });
  await store.forget('run-1');
  await store.forget('run-1');
  expect(await store.open('run-1', ['A'])).toEqual({});
  expect(await readdir(folder)).not.toContain('run-1.json');
});

it('runs are listed of which something was kept a while ago', async () => {
  const folder = await makeFolder();
  const store = openRunSecretStore({ folder });
  expect(await openRunSecretStore({ folder: join(folder, 'none') }).list(0)).toEqual([]);
  await store.seal('run-1', { A: 'x' });
  await store.point('run-2', join(folder, 'secrets.env'));
  const before = new Date(Date.now() - 90_000);
  await utimes(join(folder, 'run-2.json'), before, before);
  expect(await store.list(60_000)).toEqual(['run-2']);
  expect((await store.list(-60_000)).toSorted()).toEqual(['run-1', 'run-2']);
});

it('a value sealed for one run or name does not open as another', async () => {
  const folder = await makeFolder();
  const store = openRunSecretStore({ folder });
  await store.seal('run-1', { A: 'x' });
  const moved = (await readFile(join(folder, 'run-1.json'), 'utf8')).replace('"A"', '"B"');
  await writeFile(join(folder, 'run-2.json'), moved);
  await expect(store.open('run-2', ['B'])).rejects.toMatchObject({ fault: { code: 'secret-unsealable' } });
});

it('many openers at once agree on one key', async () => {
  const folder = await makeFolder();
  const stores = Array.from({ length: 8 }, () => openRunSecretStore({ folder }));
  await Promise.all(stores.map((store, index) => store.seal(`run-${index}`, { A: String(index) })));
  const reader = openRunSecretStore({ folder });
  for (const index of stores.keys()) expect(await reader.open(`run-${index}`, ['A'])).toEqual({ A: String(index) });
});
