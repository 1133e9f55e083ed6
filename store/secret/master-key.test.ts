import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadMasterKeys } from './master-key.ts';

async function nameFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'buildit-master-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'master.key');
}

const load = (path: string, mayMake = false) => loadMasterKeys({ kind: 'file', path }, { mayMake });
const makeKey = () => randomBytes(32).toString('base64');

it('a missing file is made where that is allowed, 0600, once for all who ask', async () => {
  const path = await nameFile();
  const made = await Promise.all([load(path, true), load(path, true), load(path, true)]);
  expect(new Set(made.map(([key]) => key.id)).size).toBe(1);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await load(path)).toEqual(made[0]);
});

it('a missing file is a fault elsewhere', async () => {
  const path = await nameFile();
  await expect(load(path)).rejects.toMatchObject({ fault: { code: 'master-key-missing' } });
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a file that others may read or write is refused', async () => {
  const path = await nameFile();
  await writeFile(path, makeKey());
  for (const mode of [0o640, 0o604, 0o620, 0o700 | 0o001]) {
    await chmod(path, mode);
    await expect(load(path)).rejects.toMatchObject({ fault: { code: 'master-key-exposed' } });
  }
  await chmod(path, 0o400);
  expect(await load(path)).toHaveLength(1);
});

it('several keys are taken in their order, the first to seal', async () => {
  const [one, two] = [makeKey(), makeKey()];
  const separators = [',', ' ', '\n', ', '];
  for (const separator of separators) {
    const keys = await loadMasterKeys({ kind: 'value', value: `${one}${separator}${two}\n` }, { mayMake: false });
    expect(keys.map(({ key }) => key.toString('base64'))).toEqual([one, two]);
    expect(JSON.stringify(keys.map(({ id }) => id))).not.toContain(one.slice(0, 8));
  }
});

it.each([
  ['', 'it is empty'],
  ['not base64!', 'it is no base64'],
  [randomBytes(31).toString('base64'), 'it has 31 bytes instead of 32'],
  [randomBytes(32).toString('hex'), 'it has 48 bytes instead of 32'],
])('%s is no master key: %s', async (value, cause) => {
  const thrown = loadMasterKeys({ kind: 'value', value }, { mayMake: true });
  await expect(thrown).rejects.toMatchObject({ fault: { code: 'master-key-invalid', cause } });
  await expect(thrown).rejects.not.toMatchObject({ message: expect.stringContaining(value || 'never') });
});
