import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { findUnsafePath } from '#store/archive/check-path.ts';
import { readTar, type TarEntry } from '#store/archive/read-tar.ts';
import { type BackupManifest, decodeManifest, type EntryFacts, MANIFEST_NAME } from './manifest.ts';

/**
 * Reads an archive whole and compares every entry with the manifest, before anything of it is used. Throws the faults
 * `backup-damaged` and `backup-unknown`.
 */
export async function verifyArchive(file: string): Promise<BackupManifest> {
  const found = new Map<string, EntryFacts>();
  let read: BackupManifest | null = null;
  for await (const { name, content } of readArchive(file)) {
    if (read !== null) throw createDamaged(file, `${name} stands behind the manifest`);
    if (name === MANIFEST_NAME) {
      read = decodeManifest(await buffer(content));
      continue;
    }
    if (found.has(name)) throw createDamaged(file, `${name} is there twice`);
    const digest = createHash('sha256');
    let bytes = 0;
    for await (const part of content) {
      digest.update(part);
      bytes += part.length;
    }
    found.set(name, { name, bytes, digest: digest.digest('hex') });
  }
  if (read === null) throw createDamaged(file, 'it ends before its manifest');
  for (const entry of read.entries) {
    const other = found.get(entry.name);
    if (!other) throw createDamaged(file, `${entry.name} is missing`);
    if (other.digest !== entry.digest) throw createDamaged(file, `${entry.name} is not what was written`);
  }
  const known = new Set(read.entries.map(({ name }) => name));
  const foreign = [...found.keys()].find((name) => !known.has(name));
  if (foreign !== undefined) throw createDamaged(file, `${foreign} is not in its manifest`);
  return read;
}

/** The files of an archive in their order; see {@link readTar}. */
export async function* readArchive(file: string): AsyncGenerator<TarEntry> {
  const entries = readTar(createReadStream(file) as AsyncIterable<Buffer>);
  for (;;) {
    const next = await attempt(file, () => entries.next());
    if (next.done === true) return;
    const { name, kind, content } = next.value;
    const unsafe = findUnsafePath(name);
    if (unsafe !== null) throw createDamaged(file, `${name}: ${unsafe}`);
    if (kind !== 'file') throw createDamaged(file, `${name} is no file`);
    yield { ...next.value, content: readContent(file, content) };
  }
}

async function* readContent(file: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = content[Symbol.asyncIterator]();
  for (;;) {
    const next = await attempt(file, () => pieces.next());
    if (next.done === true) return;
    yield next.value;
  }
}

async function attempt<Result>(file: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (thrown) {
    throw createDamaged(file, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function createDamaged(file: string, cause: string): FaultError {
  return new FaultError({
    code: 'backup-damaged',
    message: `The archive ${file} is not whole`,
    cause,
    fix: 'Copy it again from where it was made, or take an older one',
    retry: NO_RETRY,
  });
}
