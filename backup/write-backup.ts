import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SecretSource } from '#config/system/settings.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Database } from '#db/client.ts';
import { type TreeEntry, writeTar } from '#store/archive/write-tar.ts';
import { absentAs } from '#store/object/absent-as.ts';
import type { ObjectStore } from '#store/object/port.ts';
import { dumpDatabase } from './dump-database.ts';
import { encodeManifest, type EntryFacts, MANIFEST_NAME } from './manifest.ts';

/** What an installation keeps, and where. */
export interface Installation {
  database: Database;
  /** Of the same database, for who needs connections of another kind. */
  databaseUrl: string;
  objects: ObjectStore;
  dataFolder: string;
  masterKey: SecretSource;
  /** Whether processes that nobody stops here may be connected: not with the engine of one machine. */
  isShared: boolean;
}

/** Folders of the data folder that are taken as they are: sources of runs, and what local runs sealed. */
export const FILE_FOLDERS = ['snapshots/contents', 'snapshots/manifests', 'secrets'] as const;

export const KEY_NAME = 'keys/master.key';

/** Larger files are never whole in memory. */
const STREAMED_BYTES = 4 * 1024 * 1024;

export interface BackupSummary {
  file: string;
  bytes: number;
  tables: number;
  objects: number;
  files: number;
  hasKey: boolean;
}

/**
 * Writes one archive of database, objects and keys while the installation is at work: the database as it was at one
 * moment, and everything in the store that its rows refer to (objects are there before the rows that name them). The
 * file has its name once it is whole; broken off by `signal` it leaves none. Throws the fault `backup-file-exists`.
 */
export async function writeBackup(
  installation: Installation,
  file: string,
  signal?: AbortSignal,
): Promise<BackupSummary> {
  await refuseExisting(file);
  const draft = `${file}.${process.pid}.new`;
  const dump = await dumpDatabase(installation.database);
  const summary = { file, bytes: 0, tables: dump.facts.tables.length, objects: 0, files: 0, hasKey: false };
  const entries: EntryFacts[] = [];

  async function* list(): AsyncGenerator<TreeEntry> {
    for await (const { table, part, bytes } of dump.parts) {
      yield note(entries, `database/${table}/${String(part).padStart(6, '0')}`, bytes);
    }
    // Behind the database, so that what its rows name is there.
    for await (const { key, bytes } of readObjects(installation.objects)) {
      summary.objects++;
      yield note(entries, `objects/${key}`, bytes);
    }
    for (const folder of FILE_FOLDERS) {
      for await (const entry of readFolder(entries, installation.dataFolder, folder)) {
        summary.files++;
        yield entry;
      }
    }
    const key = await readKey(installation.masterKey);
    if (key !== null) yield note(entries, KEY_NAME, key);
    summary.hasKey = key !== null;
    yield plain(MANIFEST_NAME, encodeManifest({ createdAt: new Date().toISOString(), ...dump.facts, entries }));
  }

  try {
    await pipeline(writeTar(list()), createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }), {
      ...(signal ? { signal } : {}),
    });
    await rename(draft, file);
    await syncFolder(dirname(file));
    return { ...summary, bytes: (await stat(file)).size };
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  } finally {
    await dump.close();
  }
}

/** Every object; those that come while others are read (a log goes on) are read as well. */
async function* readObjects(objects: ObjectStore): AsyncGenerator<{ key: string; bytes: Uint8Array }> {
  const read = new Set<string>();
  for (let count = -1; count !== read.size;) {
    count = read.size;
    for (const key of await objects.list('')) {
      if (read.has(key)) continue;
      const bytes = await objects.get(key);
      // Parts of a log that were merged meanwhile: what they were merged to is found in the next round.
      if (bytes === null) continue;
      read.add(key);
      yield { key, bytes };
    }
  }
}

/** Files as they are under their names; drafts, and what is removed meanwhile, are left out. */
async function* readFolder(noted: EntryFacts[], root: string, folder: string): AsyncGenerator<TreeEntry> {
  const entries = await absentAs(readdir(join(root, folder), { withFileTypes: true, recursive: true }), []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const inside = relative(root, path);
    if (!entry.isFile() || inside.split('/').some((part) => part.startsWith('.'))) continue;
    const size = await absentAs(
      stat(path).then((found) => found.size),
      null,
    );
    if (size === null) continue;
    const name = `files/${inside}`;
    if (size > STREAMED_BYTES) {
      yield { kind: 'file', path: name, mode: 0o600, mtime: 0, bytes: size, content: () => stream(noted, name, path) };
      continue;
    }
    // Read at once: a small one may be replaced at any time, a large one never changes.
    const bytes = await absentAs(readFile(path), null);
    if (bytes !== null) yield note(noted, name, bytes);
  }
}

async function* stream(noted: EntryFacts[], name: string, path: string): AsyncGenerator<Buffer> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
    digest.update(part);
    bytes += part.length;
    yield part;
  }
  noted.push({ name, bytes, digest: digest.digest('hex') });
}

function note(noted: EntryFacts[], name: string, bytes: Uint8Array): TreeEntry {
  noted.push({ name, bytes: bytes.length, digest: createHash('sha256').update(bytes).digest('hex') });
  return plain(name, bytes);
}

function plain(path: string, bytes: Uint8Array): TreeEntry {
  const content = async function* content() {
    yield bytes;
  };
  return { kind: 'file', path, mode: 0o600, mtime: 0, bytes: bytes.length, content };
}

/** Null where there is none: an installation that never kept a secret. */
async function readKey(source: SecretSource): Promise<Buffer | null> {
  if (source.kind === 'value') return Buffer.from(source.value);
  return absentAs(readFile(source.path), null);
}

async function refuseExisting(file: string): Promise<void> {
  if ((await absentAs(stat(file), null)) === null) return;
  throw new FaultError({
    code: 'backup-file-exists',
    message: `${file} is there already`,
    fix: 'Give another name: an archive never replaces one',
    retry: NO_RETRY,
  });
}

/** So that the name survives a power cut as the bytes do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
