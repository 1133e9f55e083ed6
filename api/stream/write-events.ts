import type { Writable } from 'node:stream';
import { writeFrame } from './frame.ts';
import type { Framed } from './generate.ts';

/** A client that takes nothing for this long is let go. */
const BLOCKED_MS = 30_000;

/**
 * Writes events to a connection as fast as it takes them: the next one is asked for when the last was taken. Written to
 * the connection itself, since thousands are open at once: a stream of the web, its reader and what is behind them are
 * half of what one would hold. Ends the connection with the last event; nothing is asked for once it is closed. What goes
 * wrong is told to `report`: the head has been answered long ago, and a connection that is cut makes a reader come again.
 */
export async function writeEvents(
  events: AsyncIterable<Framed>,
  connection: Writable,
  report: (error: unknown) => void,
): Promise<void> {
  // It closes then, which is all there is to know.
  connection.on('error', () => undefined);
  try {
    for await (const framed of events) {
      if (connection.destroyed) return;
      if (!connection.write(writeFrame(framed))) await awaitRoom(connection);
    }
    connection.end();
  } catch (error) {
    if (!connection.destroyed) report(error);
    connection.destroy();
  }
}

/** Resolves also when the connection closes. */
async function awaitRoom(connection: Writable): Promise<void> {
  const moved = Promise.withResolvers<void>();
  const blocked = setTimeout(() => connection.destroy(), BLOCKED_MS).unref();
  connection.once('drain', moved.resolve).once('close', moved.resolve);
  await moved.promise;
  clearTimeout(blocked);
  connection.off('drain', moved.resolve).off('close', moved.resolve);
}
