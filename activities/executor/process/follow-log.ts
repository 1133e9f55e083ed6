import { fstatSync, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputSink } from '../port.ts';
import { PLACES } from './attempt-folder.ts';

const PIECE_BYTES = 262_144;
/** Beside the notifications of the file system, which may be missed or not to be had. */
const POLL_MS = 200;

/**
 * Hands the bytes of an attempt's log from offset `from` to the sink, as they come, until `isOver` says that nothing
 * will be added. `isOver` is asked before each look at the end of the file, so nothing written before it is missed.
 */
export async function followLog(
  folder: string,
  from: number,
  sink: OutputSink,
  signal: AbortSignal,
  isOver: () => Promise<boolean>,
): Promise<void> {
  const changes = watchFolder(folder);
  const file = await open(join(folder, PLACES.log), 'r');
  try {
    const memory = { room: Buffer.alloc(0) };
    let at = from;
    for (;;) {
      signal.throwIfAborted();
      const over = await isOver();
      at = await drain(file, at, memory, sink, signal);
      if (over) return;
      await changes.next(signal);
    }
  } finally {
    changes.close();
    await file.close();
  }
}

/** `memory` is used again for each piece. */
async function drain(
  file: FileHandle,
  from: number,
  memory: { room: Buffer },
  sink: OutputSink,
  signal: AbortSignal,
): Promise<number> {
  let at = from;
  for (;;) {
    const { size } = fstatSync(file.fd);
    if (size <= at) return at;
    // One buffer for all pieces: of a gigabyte in fresh ones a hundred megabytes would wait for the collector of garbage.
    // No larger than what is there: it counts it whole.
    const length = Math.min(size - at, PIECE_BYTES);
    if (memory.room.length < length) memory.room = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await file.read(memory.room, 0, length, at);
    if (bytesRead === 0) return at;
    at += bytesRead;
    await sink.onBytes(memory.room.subarray(0, bytesRead));
    signal.throwIfAborted();
  }
}

interface Changes {
  /** Resolves at the next change, at once if there was one since the last call, and every now and then without. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

function watchFolder(folder: string): Changes {
  let hasChanged = false;
  let wake: (() => void) | null = null;
  const onChange = (): void => {
    hasChanged = true;
    wake?.();
  };
  let watcher: ReturnType<typeof watch> | null = null;
  try {
    watcher = watch(folder, onChange);
    // Out of watches, or the folder goes: polling remains.
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = null;
  }
  return {
    async next(signal) {
      if (!hasChanged) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, watcher === null ? POLL_MS / 10 : POLL_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', wake, { once: true });
        });
        if (wake) signal.removeEventListener('abort', wake);
        wake = null;
      }
      hasChanged = false;
    },
    close: () => watcher?.close(),
  };
}
