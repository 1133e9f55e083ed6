import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Extract, extract } from 'tar-stream';
import { FaultError, NO_RETRY, faultOf } from '#core/fault.ts';
import { findUnsafeLink, findUnsafePath, normalizePath } from '../archive/check-path.ts';
import { type ChunkWriter, OWN_CHUNK_BYTES } from './chunk-writer.ts';
import { freeMemory } from './free-memory.ts';
import type { ManifestEntry } from './manifest.ts';

type Entry = Extract extends AsyncIterable<infer Item> ? Item : never;

/** How a tree is called in messages, and whether its links may lead out of it: then nobody but its stage follows them. */
export interface TreeKind {
  name: 'artifact' | 'cache';
  links: 'inside' | 'anywhere';
}

/**
 * Reads a tar to its end, hands the contents to the chunk writer, frees what it was given, and answers what the tree
 * holds, sorted by path. Throws `artifact-unsafe` for what would leave the tree and `artifact-unreadable` for a tar that
 * is broken or cut off.
 */
export async function readTree(
  tar: Readable,
  chunks: ChunkWriter,
  kind: TreeKind = { name: 'artifact', links: 'inside' },
): Promise<ManifestEntry[]> {
  const entries = new Map<string, ManifestEntry>();
  const archive = extract();
  const feeding = pipeline(tar, archive);
  feeding.catch(() => {});
  try {
    for await (const entry of archive) {
      const read = await readEntry(entry, entries, chunks, kind);
      entry.resume();
      if (read) entries.set(read.path, read);
    }
    await feeding;
  } catch (thrown) {
    if (faultOf(thrown)) throw thrown;
    throw new FaultError({
      code: 'artifact-unreadable',
      message: `The files of the ${kind.name} could not be read to their end`,
      cause: thrown instanceof Error ? thrown.message : String(thrown),
      retry: NO_RETRY,
    });
  }
  return [...entries.values()].toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

async function readEntry(
  entry: Entry,
  before: ReadonlyMap<string, ManifestEntry>,
  chunks: ChunkWriter,
  kind: TreeKind,
): Promise<ManifestEntry | null> {
  const refuse = (name: string, cause: string) => describeRefusal(kind, name, cause);
  const { header } = entry;
  const path = normalizePath(header.name);
  if (path === '') return null;
  const misplaced = findMisplaced(path, before);
  if (misplaced) throw refuse(header.name, misplaced);
  const target = header.linkname ?? ''; // null in the headers of files, whatever its type says
  switch (header.type) {
    case 'directory':
      return { kind: 'folder', path };
    case 'symlink': {
      const unsafe = kind.links === 'inside' ? findUnsafeLink(path, target) : null;
      if (unsafe) throw refuse(header.name, unsafe);
      return { kind: 'link', path, target };
    }
    case 'link': {
      const first = before.get(normalizePath(target));
      if (first?.kind !== 'file')
        throw refuse(header.name, `it is a hard link to ${target}, which is no file in front of it`);
      return { ...first, path };
    }
    case 'file':
    case 'contiguous-file':
      return readFile(entry, path, chunks);
    case 'character-device':
    case 'block-device':
    case 'fifo':
    default:
      throw refuse(header.name, `it is a ${header.type}, and only files, folders and links are kept`);
  }
}

async function readFile(entry: Entry, path: string, chunks: ChunkWriter): Promise<ManifestEntry> {
  const { header } = entry;
  if (header.size >= OWN_CHUNK_BYTES) await chunks.cut();
  const at = chunks.at;
  const hash = createHash('sha256');
  for await (const bytes of entry as AsyncIterable<Uint8Array>) {
    hash.update(bytes);
    await chunks.append(bytes);
    freeMemory(bytes);
  }
  return {
    kind: 'file',
    path,
    mode: header.mode & 0o777,
    mtime: Math.floor(header.mtime.getTime() / 1000),
    bytes: chunks.at - at,
    digest: hash.digest('hex'),
    at,
  };
}

/** No entry may lie outside, or below another that is not a folder (a link would lead elsewhere). */
function findMisplaced(path: string, before: ReadonlyMap<string, ManifestEntry>): string | null {
  const unsafe = findUnsafePath(path);
  if (unsafe) return unsafe;
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const parent = before.get(path.slice(0, end));
    if (parent && parent.kind !== 'folder') return `${parent.path} above it is a ${parent.kind}`;
  }
  return null;
}

function describeRefusal(kind: TreeKind, name: string, cause: string): FaultError {
  return new FaultError({
    code: 'artifact-unsafe',
    message: `The ${kind.name} holds ${JSON.stringify(name)}, which cannot be kept`,
    cause,
    fix: `Name other paths in the ${kind.name}, or make the stage write plain files and links within them`,
    retry: NO_RETRY,
  });
}
