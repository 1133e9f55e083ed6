import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The log file of one process of ours. */
export interface RotatingLog {
  readonly path: string;
  write(chunk: string | Uint8Array): void;
  close(): void;
}

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 5;

/**
 * Opens a log for appending; it is `path` and, older, `path.1` to `path.4`, each at most `maxBytes` (ENGINE 1). Writes
 * are synchronous: what a process said last before its supervisor died is in the file.
 */
export function openRotatingLog(path: string, limits: { maxBytes?: number; maxFiles?: number } = {}): RotatingLog {
  const maxBytes = limits.maxBytes ?? MAX_BYTES;
  const maxFiles = limits.maxFiles ?? MAX_FILES;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let descriptor = openSync(path, 'a', 0o600);
  let size = fstatSync(descriptor).size;

  function rotate(): void {
    closeSync(descriptor);
    for (let age = maxFiles - 1; age >= 1; age--) {
      const from = age === 1 ? path : `${path}.${age - 1}`;
      renameIfPresent(from, `${path}.${age}`);
    }
    descriptor = openSync(path, 'a', 0o600);
    size = 0;
  }

  return {
    path,
    write(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      if (size > 0 && size + bytes.byteLength > maxBytes) rotate();
      try {
        size += writeSync(descriptor, bytes);
      } catch {
        // A full disk must not end the engine for the sake of its log: this text is lost, runs say themselves what failed.
      }
    },
    close: () => closeSync(descriptor),
  };
}

function renameIfPresent(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
