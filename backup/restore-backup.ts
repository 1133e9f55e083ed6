import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { writeFileAtomically } from '#store/object/write-file.ts';
import type { TablePart } from './dump-database.ts';
import { loadDatabase, requireEmpty, requireUnused } from './load-database.ts';
import { readArchive, verifyArchive } from './read-archive.ts';
import { FILE_FOLDERS, type Installation, KEY_NAME } from './write-backup.ts';

export interface RestoreSummary {
  createdAt: string;
  tables: number;
  objects: number;
  files: number;
}

/**
 * Makes of a new installation the one that was archived. Nothing is changed before the whole archive was read and found
 * right. Open runs have no workflow here: the reconciler ends them within a minute. Throws the faults of
 * {@link verifyArchive}, `restore-not-empty`, `data-too-new`.
 */
export async function restoreBackup(installation: Installation, file: string): Promise<RestoreSummary> {
  const manifest = await verifyArchive(file);
  await requireEmpty(installation.database);
  if (installation.isShared) await requireUnused(installation.database);
  const summary = { createdAt: manifest.createdAt, tables: manifest.tables.length, objects: 0, files: 0 };
  // Keys, objects and files first: rows name them.
  for await (const { name, content } of readArchive(file)) {
    if (name.startsWith('objects/')) {
      await installation.objects.put(name.slice('objects/'.length), await buffer(content));
      summary.objects++;
    } else if (name.startsWith('files/')) {
      await restoreFile(installation.dataFolder, name.slice('files/'.length), content);
      summary.files++;
    } else if (name === KEY_NAME) await restoreKey(installation, await buffer(content));
  }
  await loadDatabase(installation.databaseUrl, manifest, readParts(file));
  return summary;
}

/** They stand in front of everything else. */
async function* readParts(file: string): AsyncGenerator<TablePart> {
  for await (const { name, content } of readArchive(file)) {
    const [root, table, part] = name.split('/');
    if (root !== 'database' || table === undefined) return;
    yield { table, part: Number(part), bytes: await buffer(content) };
  }
}

async function restoreFile(dataFolder: string, path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  if (!FILE_FOLDERS.some((folder) => path.startsWith(`${folder}/`))) {
    throw new FaultError({
      code: 'backup-unknown',
      message: `The archive has a file ${path} that belongs nowhere`,
      fix: 'Restore it with the version that made it, or a newer one',
      retry: NO_RETRY,
    });
  }
  const target = join(dataFolder, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await pipeline(content, createWriteStream(target, { mode: 0o600 }));
}

/** A key that is given by the environment is the operator's to bring along. */
async function restoreKey({ masterKey, dataFolder }: Installation, bytes: Buffer): Promise<void> {
  if (masterKey.kind === 'value') return;
  await writeFileAtomically(masterKey.path, bytes, { temporaryFolder: dataFolder, mode: 0o600, flush: true });
}
