import { watch } from 'node:fs';
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
    let at = from;
    for (;;) {
      signal.throwIfAborted();
      const over = await isOver();
      at = await drain(file, at, sink, signal);
      if (over) return;
      await changes.next(signal);
    }
  } finally {
    changes.close();
    await file.close();
  }
}

async function drain(file: FileHandle, from: number, sink: OutputSink, signal: AbortSignal): Promise<number> {
  let at = from;
  for (;;) {
    const { size } = await file.stat();
    if (size <= at) return at;
    // A new buffer a piece: the sink may keep it. No larger than what is there: the collector of garbage counts it whole.
    const length = Math.min(size - at, PIECE_BYTES);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return at;
    at += bytesRead;
    await sink.onBytes(buffer.subarray(0, bytesRead));
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
