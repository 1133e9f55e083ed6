import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { FaultError, NO_RETRY } from '#core/fault.ts';

/**
 * Unpacks a tar stream over what a folder holds. Entries stay inside: `..` and absolute names are refused, and a link
 * in the way of an entry is replaced, never followed (reliability.md ART1). With `keepTimes` files are as old as they were.
 */
export async function unpackTree(
  tar: Readable,
  root: string,
  { keepTimes }: { keepTimes: boolean } = { keepTimes: false },
): Promise<void> {
  const entries = extract();
  const feeding = pipeline(tar, entries);
  // The reader below sees the same error; this only keeps it from being nobody's.
  feeding.catch(() => undefined);
  const known = new Set<string>();
  for await (const entry of entries) {
    const { name, type, mode, linkname, mtime } = entry.header;
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    if (name.startsWith('/') || parts.includes('..')) {
      throw new FaultError({
        code: 'input-refused',
        message: `An input holds the path ${JSON.stringify(name)}`,
        retry: NO_RETRY,
      });
    }
    const path = join(root, ...parts);
    if (type === 'directory') {
      await makeFolder(root, parts, known);
      entry.resume();
      continue;
    }
    await makeFolder(root, parts.slice(0, -1), known);
    await rm(path, { recursive: true, force: true });
    if (type === 'symlink') {
      await symlink(linkname ?? '', path);
      entry.resume();
    } else if (type === 'file') {
      await pipeline(entry, createWriteStream(path, { mode: (mode ?? 0o644) & 0o777, flags: 'wx' }));
      if (keepTimes && mtime) await utimes(path, mtime, mtime);
    } else {
      throw new FaultError({ code: 'input-refused', message: `An input holds a ${type} (${name})`, retry: NO_RETRY });
    }
  }
  await feeding;
}

async function makeFolder(root: string, parts: readonly string[], known: Set<string>): Promise<void> {
  let path = root;
  for (const part of parts) {
    path = join(path, part);
    if (known.has(path)) continue;
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory() !== true) {
      if (found) await rm(path);
      await mkdir(path);
    }
    known.add(path);
  }
}
