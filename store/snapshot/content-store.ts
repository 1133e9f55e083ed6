import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, copyFile, lstat, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../object/disk-fault.ts';
import { type FileStamp, isSameStamp, stampOf } from './file-stamp.ts';

/** Up to this size a file is read into memory, above it is copied (by reference where the disk can). */
const SMALL_BYTES = 1024 * 1024;

/** Readings of a file that is being written before the last one is taken as it is. */
const READINGS = 5;

export interface Content {
  digest: string;
  bytes: number;
  mode: number;
  stamp: FileStamp;
  /** When the reading began, ms since epoch. */
  readAt: number;
  /** False when the file changed during each of our readings. */
  isSteady: boolean;
}

export interface ContentStore {
  /** Takes a file's content; null when the file is gone or no file any more. */
  take(path: string): Promise<Content | null>;
  /** Where the content of a digest is: a file that nobody writes to. */
  pathOf(digest: string): string;
  has(digest: string): Promise<boolean>;
}

/** File contents by their SHA-256, one file each below `folder`. */
export function openContentStore(folder: string): ContentStore {
  const pathOf = (digest: string) => join(folder, digest.slice(0, 2), digest.slice(2));
  const has = (digest: string) =>
    access(pathOf(digest)).then(
      () => true,
      () => false,
    );
  const temporaryPath = () => join(folder, `.${randomBytes(9).toString('hex')}`);
  const made = new Set<string>();

  async function makeFolder(name: string): Promise<void> {
    if (made.has(name)) return;
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
    made.add(name);
  }

  /** Moves what `write` makes to its place, if it is not there yet. Mode 0644, as a copy inherits it. */
  async function keep(digest: string, write: (temporary: string) => Promise<void>): Promise<void> {
    if (await has(digest)) return;
    const temporary = temporaryPath();
    try {
      await makeFolder(digest.slice(0, 2));
      await write(temporary);
      await rename(temporary, pathOf(digest));
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async function takeSmall(path: string): Promise<{ digest: string; bytes: number }> {
    const bytes = await readFile(path);
    const digest = createHash('sha256').update(bytes).digest('hex');
    await keep(digest, (temporary) => writeFile(temporary, bytes, { mode: 0o644, flag: 'wx' }));
    return { digest, bytes: bytes.length };
  }

  /** Copies first and looks at the copy alone, so that digest and content are of one moment. */
  async function takeLarge(path: string): Promise<{ digest: string; bytes: number }> {
    const temporary = temporaryPath();
    try {
      await makeFolder('.');
      await copyFile(path, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      const file = await open(temporary, 'r+');
      await file.chmod(0o644).finally(() => file.close());
      const hash = createHash('sha256');
      for await (const bytes of createReadStream(temporary, { highWaterMark: SMALL_BYTES }))
        hash.update(bytes as Buffer);
      const digest = hash.digest('hex');
      const { size } = await stat(temporary);
      await keep(digest, (place) => rename(temporary, place));
      return { digest, bytes: size };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  return {
    pathOf,
    has,
    async take(path) {
      for (let reading = 1; ; reading++) {
        const readAt = Date.now();
        try {
          const before = await lstat(path);
          if (!before.isFile()) return null;
          const content = await (before.size > SMALL_BYTES ? takeLarge(path) : takeSmall(path));
          const after = await lstat(path);
          const isSteady = isSameStamp(stampOf(before), stampOf(after)) && content.bytes === after.size;
          if (isSteady || reading === READINGS) {
            return { ...content, mode: after.mode & 0o777, stamp: stampOf(before), readAt, isSteady };
          }
        } catch (thrown) {
          // Gone while we read it, unless it is our own folder that is missing.
          if (errorCode(thrown) === 'ENOENT' && !(await lstat(path).catch(() => null))) return null;
          throw thrown;
        }
      }
    },
  };
}
