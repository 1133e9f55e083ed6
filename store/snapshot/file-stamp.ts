import type { Stats } from 'node:fs';

/**
 * What a file's content is known by without reading it. Milliseconds as doubles keep a
 * quarter of a microsecond, finer than any kernel's clock for files.
 */
export interface FileStamp {
  bytes: number;
  mtimeMs: number;
  ctimeMs: number;
  inode: number;
}

/**
 * A file may be written again within the same tick of its file system's clock (2 s on the
 * coarsest), so a stamp vouches for content only when it was old as the content was read.
 */
const SETTLED_MS = 2_000;

export function stampOf(stats: Stats): FileStamp {
  return { bytes: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, inode: stats.ino };
}

export function isSameStamp(left: FileStamp, right: FileStamp): boolean {
  return (
    left.bytes === right.bytes &&
    left.mtimeMs === right.mtimeMs &&
    left.ctimeMs === right.ctimeMs &&
    left.inode === right.inode
  );
}

/** Whether a stamp may be trusted later, when its content was read at `readAt` (ms since epoch). */
export function isSettled(stamp: FileStamp, readAt: number): boolean {
  return Math.max(stamp.mtimeMs, stamp.ctimeMs) + SETTLED_MS < readAt;
}
