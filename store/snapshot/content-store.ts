import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  createReadStream,
  fchmodSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { access, copyFile, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../object/disk-fault.ts';
import { type FileStamp, isSameStamp, stampOf } from './file-stamp.ts';
import { readSmallFile } from './read-small.ts';
import { touchSync } from './touch.ts';

/** Up to this size a file is read into memory, above it is copied (by reference where the disk can). */
const SMALL_BYTES = 1024 * 1024;

/** So that a copy has it already. */
export const KEPT_MODE = 0o644;

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

  function makeFolder(name: string): void {
    if (made.has(name)) return;
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    made.add(name);
  }

  /** Keeps small content, unless it is there. Mode 0644 whatever the umask, as a copy inherits it. */
  function keepSmall(bytes: Buffer): string {
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (touchSync(pathOf(digest))) return digest;
    const temporary = temporaryPath();
    try {
      makeFolder(digest.slice(0, 2));
      const file = openSync(temporary, 'wx', KEPT_MODE);
      try {
        fchmodSync(file, KEPT_MODE);
        writeFileSync(file, bytes);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, pathOf(digest));
    } catch (thrown) {
      rmSync(temporary, { force: true });
      throw thrown;
    }
    return digest;
  }

  async function takeOnce(path: string): Promise<Content | null> {
    const readAt = Date.now();
    const small = readSmallFile(path, SMALL_BYTES);
    if (small) {
      const { bytes, before, after } = small;
      const isSteady = isSameStamp(stampOf(before), stampOf(after)) && bytes.length === after.size;
      return { ...factsOf(before), digest: keepSmall(bytes), bytes: bytes.length, readAt, isSteady };
    }
    const before = await lstat(path);
    if (!before.isFile()) return null;
    const content = await takeLarge(path);
    const after = await lstat(path);
    const isSteady = isSameStamp(stampOf(before), stampOf(after)) && content.bytes === after.size;
    return { ...factsOf(before), ...content, readAt, isSteady };
  }

  /** Copies first and looks at the copy alone, so that digest and content are of one moment. */
  async function takeLarge(path: string): Promise<{ digest: string; bytes: number }> {
    const temporary = temporaryPath();
    try {
      makeFolder('.');
      await copyFile(path, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      const file = await open(temporary, 'r+');
      await file.chmod(KEPT_MODE).finally(() => file.close());
      const hash = createHash('sha256');
      for await (const bytes of createReadStream(temporary, { highWaterMark: SMALL_BYTES }))
        hash.update(bytes as Buffer);
      const digest = hash.digest('hex');
      const { size } = await stat(temporary);
      makeFolder(digest.slice(0, 2));
      await rename(temporary, pathOf(digest));
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
        try {
          const content = await takeOnce(path);
          if (content === null || content.isSteady || reading === READINGS) return content;
        } catch (thrown) {
          // Gone while we read it, unless it is our own folder that is missing; a link by now.
          const code = errorCode(thrown);
          if (code === 'ELOOP' || (code === 'ENOENT' && !(await lstat(path).catch(() => null)))) return null;
          throw thrown;
        }
      }
    },
  };
}

function factsOf(stats: Stats): Pick<Content, 'mode' | 'stamp'> {
  return { mode: stats.mode & 0o777, stamp: stampOf(stats) };
}
