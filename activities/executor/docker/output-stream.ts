import type Docker from 'dockerode';
import { MARK_BYTE } from '../marks.ts';
import type { OutputSink } from '../port.ts';
import { readFrames, requireIterable } from './frames.ts';

/** Live output, attached before the program began: nothing can be missed. */
export interface LiveOutput {
  stream: AsyncIterable<Uint8Array>;
  /** The engine's copy: its beginning may have been thrown away. */
  isStored: boolean;
  close(): void;
}

export async function attachOutput(container: Docker.Container): Promise<LiveOutput> {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  return { stream: requireIterable(stream), isStored: false, close: () => closeStream(stream) };
}

/**
 * Hands the bytes from offset `from` of the whole output to the sink until the stream ends. `signal` ends it at once.
 * Answers how many bytes of the output have been seen, counted from its beginning.
 */
export async function pumpOutput(
  live: LiveOutput,
  from: number,
  sink: OutputSink,
  signal: AbortSignal,
): Promise<number> {
  let at = 0;
  const onAbort = (): void => live.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const bytes of readFrames(live.stream)) {
      signal.throwIfAborted();
      if (at === 0 && live.isStored && bytes[0] !== MARK_BYTE) {
        // Every output begins with a mark, so this is what a rotation left; where it belongs cannot be known.
        await sink.onGap({
          bytes: 0,
          cause: 'the container runtime threw away the beginning of its log: the rest is missing',
        });
        return at;
      }
      const fresh = at >= from ? bytes : bytes.subarray(Math.min(bytes.length, from - at));
      at += bytes.length;
      if (fresh.length > 0) await sink.onBytes(fresh);
    }
    return at;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    live.close();
  }
}

/**
 * The engine's stored log from its beginning, then what follows: for catching up after a crash only (it costs twice
 * what an attached stream does).
 */
export async function readStoredLog(container: Docker.Container): Promise<LiveOutput> {
  const stream = await container.logs({ follow: true, stdout: true, stderr: true });
  return { stream: requireIterable(stream), isStored: true, close: () => closeStream(stream) };
}

function closeStream(stream: NodeJS.ReadableStream): void {
  if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
}
