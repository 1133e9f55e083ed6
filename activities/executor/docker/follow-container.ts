import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Reason } from '#core/attempt.ts';
import type { Exit, Handle, OutputSink } from '../port.ts';
import { type LiveOutput, pumpOutput, readStoredLog } from './output-stream.ts';

/** What one process knows about attempts beside what the daemon knows; all by name. */
export interface AttemptMemory {
  /** Streams attached before the start, until they are followed. */
  attached: Map<string, LiveOutput>;
  /** Why the daemon would not begin the program. */
  refusals: Map<string, Reason>;
  /** The daemon did not answer while the attempt was there. */
  lostContact: Set<string>;
}

export function createAttemptMemory(): AttemptMemory {
  return { attached: new Map(), refusals: new Map(), lostContact: new Set() };
}

/** An output that ended this long before its program was cut, not ended. */
const CUT_MS = 5_000;

/**
 * Output from byte `from` to the end, and how it ended: from the stream that was attached before the start, else from
 * the engine's log.
 */
export async function followContainer(
  docker: Docker,
  memory: AttemptMemory,
  handle: Handle,
  from: number,
  sink: OutputSink,
  signal: AbortSignal,
): Promise<Exit> {
  let at = from;
  const live = memory.attached.get(handle.name);
  memory.attached.delete(handle.name);
  if (live) {
    at = Math.max(from, await pumpOutput(live, from, sink, signal));
    // The daemon takes note of the end a moment after the output has ended.
    const exit = await readExit(docker, memory, handle, CUT_MS);
    if (exit !== null) return exit;
  }
  // Taken over, or the stream was cut under a running program (a daemon that restarts).
  if (!memory.refusals.has(handle.name)) {
    await pumpOutput(await readStoredLog(docker.getContainer(handle.name)), at, sink, signal);
  }
  const exit = await readExit(docker, memory, handle, null);
  if (exit === null) throw new Error(`the end of ${handle.name} did not come`);
  return exit;
}

/** How it ended; `limitMs` is how long the end is waited for, null when it has not come by then. */
async function readExit(
  docker: Docker,
  memory: AttemptMemory,
  handle: Handle,
  limitMs: number | null,
): Promise<Exit | null> {
  const container = docker.getContainer(handle.name);
  const refusal = memory.refusals.get(handle.name) ?? null;
  if (refusal === null) {
    const waiting = new AbortController();
    const limit = limitMs === null ? [] : [delay(limitMs, false, { signal: waiting.signal }).catch(() => false)];
    const isOver = await Promise.race([container.wait().then(() => true), ...limit]);
    waiting.abort();
    if (!isOver) return null;
  }
  const info = await container.inspect();
  return {
    code: refusal === null ? info.State.ExitCode : 127,
    outOfMemory: info.State.OOMKilled,
    refusal,
    lostContact: memory.lostContact.has(handle.name),
    endedAt: refusal === null ? new Date(info.State.FinishedAt).toISOString() : new Date().toISOString(),
  };
}
