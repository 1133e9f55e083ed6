import { createHash } from 'node:crypto';
import { lstat, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

type Bytes = NodeJS.ReadableStream;

/** An entry of an artifact; `digest` is the SHA-256 of a file's content, hex, null of folders and links. */
export interface ArtifactFile {
  path: string;
  digest: string | null;
}

/**
 * Writes the tree of an artifact below `target`. A file takes its name only when its
 * content has the digest that was recorded; nothing is written outside of the target, not
 * through a link either. Throws `artifact-corrupt`, `artifact-unsafe`.
 */
export async function unpackTar(tar: Bytes, files: readonly ArtifactFile[], target: string): Promise<void> {
  const digests = digestsOf(files);
  await mkdir(target, { recursive: true });
  await readTar(tar, async (header, content) => {
    const path = placeBelow(target, header.name);
    await refuseLinks(target, dirname(path));
    if (header.type === 'directory') {
      await mkdir(path, { recursive: true });
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    if (header.type === 'symlink') {
      checkLink(target, path, header.linkname ?? '');
      await rm(path, { force: true });
      await symlink(header.linkname ?? '', path);
      return;
    }
    const part = `${path}.part-${process.pid}`;
    const hash = createHash('sha256');
    const file = await open(part, 'wx', header.mode ?? 0o644);
    try {
      for await (const chunk of readBytes(content)) {
        hash.update(chunk);
        await file.write(chunk);
      }
      await file.close();
      checkDigest(header.name, hash.digest('hex'), digests);
      await rename(part, path);
    } finally {
      await file.close().catch(() => {});
      await rm(part, { force: true });
    }
  });
  checkComplete(digests);
}

/** Reads an artifact and compares every file with its digest; writes nothing. Throws `artifact-corrupt`. */
export async function verifyTar(tar: Bytes, files: readonly ArtifactFile[]): Promise<void> {
  const digests = digestsOf(files);
  await readTar(tar, async (header, content) => {
    const hash = createHash('sha256');
    for await (const chunk of readBytes(content)) hash.update(chunk);
    if (header.type === 'file') checkDigest(header.name, hash.digest('hex'), digests);
  });
  checkComplete(digests);
}

async function readTar(
  tar: Bytes,
  take: (header: Header, content: AsyncIterable<unknown>) => Promise<void>,
): Promise<void> {
  const entries = extract();
  const reading = pipeline(tar, entries);
  // Awaited below; a failure before that must not count as unhandled.
  reading.catch(() => {});
  for await (const entry of entries) {
    await take(entry.header, entry);
    entry.resume();
  }
  await reading;
}

async function* readBytes(content: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) if (chunk instanceof Uint8Array) yield chunk;
}

function digestsOf(files: readonly ArtifactFile[]): Map<string, string> {
  return new Map(files.flatMap(({ path, digest }) => (digest === null ? [] : [[clean(path), digest] as const])));
}

function checkDigest(name: string, digest: string, digests: Map<string, string>): void {
  const expected = digests.get(clean(name));
  digests.delete(clean(name));
  if (expected === digest) return;
  throw new CommandError(EXIT.errored, {
    code: 'artifact-corrupt',
    message: `${name} is not what the stage kept`,
    cause: `SHA-256 is ${digest}, recorded ${expected ?? 'nothing of that name'}`,
    fix: 'get it again; if it stays so, run the stage again: buildit retry RUN --from STAGE',
  });
}

function checkComplete(digests: ReadonlyMap<string, string>): void {
  if (digests.size === 0) return;
  throw new CommandError(EXIT.errored, {
    code: 'artifact-corrupt',
    message: `${digests.size} files of the artifact did not arrive, the first is ${[...digests.keys()][0]}`,
    fix: 'get it again',
  });
}

function placeBelow(target: string, name: string): string {
  const path = resolve(target, name);
  const inside = relative(target, path);
  if (isAbsolute(name) || inside === '..' || inside.startsWith(`..${sep}`)) throw refuseUnsafe(name);
  return path;
}

/** A folder on the way that is a link would lead out of the target. */
async function refuseLinks(target: string, folder: string): Promise<void> {
  let at = target;
  for (const part of relative(target, folder).split(sep).filter(Boolean)) {
    at = join(at, part);
    const found = await lstat(at).catch(() => null);
    if (found?.isSymbolicLink() === true) throw refuseUnsafe(at);
  }
}

function checkLink(target: string, path: string, linkname: string): void {
  const inside = relative(target, resolve(dirname(path), linkname));
  if (isAbsolute(linkname) || inside === '..' || inside.startsWith(`..${sep}`))
    throw refuseUnsafe(`${path} -> ${linkname}`);
}

function refuseUnsafe(name: string): CommandError {
  return new CommandError(EXIT.errored, {
    code: 'artifact-unsafe',
    message: `the artifact has an entry that leads out of the folder: ${name}`,
    fix: 'it was not unpacked; look at the stage that made it',
  });
}

function clean(path: string): string {
  return normalize(path).replace(/\/$/, '');
}
