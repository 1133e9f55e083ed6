import { access, open, readFile, readdir, rm, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { readCautiousTime } from '../host-clock.ts';
import { absentAs } from './absent-as.ts';
import type { ObjectDriver } from './open-object-store.ts';
import { writeFileAtomically } from './write-file.ts';

/** Files of dead writers are swept when this old. */
const ABANDONED_MS = 60 * 60 * 1000;

/**
 * A driver of unstorage over one folder. Ours, because the one that comes with unstorage
 * writes in place (a reader sees half a file), hands errors back as values and walks the
 * whole folder to list one prefix.
 */
export function fileDriver(folder: string): ObjectDriver {
  const temporaryFolder = join(folder, '.writing');
  const pathOf = (key: string) => join(folder, ...key.split(':'));
  let swept: Promise<void> | null = null;
  return {
    name: 'buildit-file',
    async hasItem(key) {
      return absentAs(
        access(pathOf(key)).then(() => true),
        false,
      );
    },
    getItem(key) {
      return absentAs(readFile(pathOf(key), 'utf8'), null);
    },
    getItemRaw(key) {
      return absentAs(readWhole(pathOf(key)), null);
    },
    async setItem(key, value) {
      await writeFileAtomically(pathOf(key), Buffer.from(value), { temporaryFolder });
    },
    async setItemRaw(key, value: Uint8Array) {
      swept ??= sweepAbandoned(temporaryFolder);
      await swept;
      await writeFileAtomically(pathOf(key), value, { temporaryFolder });
    },
    async removeItem(key) {
      await absentAs(unlink(pathOf(key)), undefined);
    },
    async getMeta(key) {
      const facts = await absentAs(stat(pathOf(key)), null);
      return facts && { mtime: facts.mtime, size: facts.size };
    },
    async touchItem(key) {
      const now = new Date();
      return absentAs(
        utimes(pathOf(key), now, now).then(() => true),
        false,
      );
    },
    async listFolders(base) {
      const entries = await absentAs(readdir(pathOf(base), { withFileTypes: true }), []);
      return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
    },
    async removeFolder(base) {
      await rm(pathOf(base), { recursive: true, force: true });
    },
    async getKeys(base?: string) {
      const start = base?.replace(/:$/, '') ?? '';
      return start === '' ? listFiles(folder, '') : listFiles(pathOf(start), `${start}:`);
    },
  };
}

/** Into one buffer: `readFile` reads pieces and joins them, which takes three times the memory. */
async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size;) {
      const { bytesRead } = await file.read(bytes, at, size - at, at);
      if (bytesRead === 0) throw new Error(`${path} is shorter than it was`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function listFiles(folder: string, prefix: string): Promise<string[]> {
  const entries = await absentAs(readdir(folder, { withFileTypes: true }), []);
  const keys: string[] = [];
  for (const entry of entries) {
    // Encoded keys never begin with a dot: these are the driver's own.
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) keys.push(...(await listFiles(join(folder, entry.name), `${prefix}${entry.name}:`)));
    else keys.push(prefix + entry.name);
  }
  return keys;
}

async function sweepAbandoned(folder: string): Promise<void> {
  const oldest = readCautiousTime() - ABANDONED_MS;
  for (const name of await absentAs(readdir(folder), [])) {
    const path = join(folder, name);
    const facts = await absentAs(stat(path), null);
    if (facts && facts.mtimeMs < oldest) await rm(path, { force: true });
  }
}
