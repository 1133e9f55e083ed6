import { WebSocket } from 'ws';
import type { ShellOutput } from '#core/shell.ts';
import type { Database } from '#db/client.ts';
import { announceShell } from '#db/queries/shells.ts';
import { MAX_FRAME_BYTES, openShellOfPerson } from '#db/shell-link.ts';
import { readControl } from './control.ts';

/** The host says within this time that it has opened the terminal; pulling an image is part of it. */
const OPEN_MS = 120_000;
const PING_MS = 15_000;
/** Pings without an answer after which the host is taken for gone. */
const MAX_UNANSWERED = 3;

/**
 * Joins a person's WebSocket with the host's end of the terminal. Binary messages are bytes, texts are JSON: a size from
 * the person, what happens to the terminal from here.
 */
export async function bridgeShell(
  database: Database,
  shell: { id: string; hostId: string },
  socket: WebSocket,
): Promise<void> {
  let unanswered = 0;
  const tell = (output: Exclude<ShellOutput, { kind: 'bytes' | 'pong' }>) => socket.send(JSON.stringify(output));
  const fail = (code: string, message: string) => {
    if (socket.readyState === WebSocket.OPEN) tell({ kind: 'failed', code, message });
    socket.close();
  };
  const opening = setTimeout(
    () => fail('shell-unanswered', 'the host of the stage does not open the terminal'),
    OPEN_MS,
  );
  const link = await openShellOfPerson(database, shell.id, {
    onFrame(output) {
      unanswered = 0;
      if (output.kind === 'pong' || socket.readyState !== WebSocket.OPEN) return;
      if (output.kind === 'bytes') {
        // Only what left here lets the host go on: a slow line slows the shell.
        socket.send(output.bytes, () => void link.send({ kind: 'taken', count: 1 }).catch(() => {}));
        return;
      }
      clearTimeout(opening);
      tell(output);
      if (output.kind !== 'opened') socket.close();
    },
    onCut: () => fail('shell-cut', 'the connection to the host of the stage was lost'),
  });
  const pinging = setInterval(() => {
    unanswered += 1;
    if (unanswered > MAX_UNANSWERED) fail('shell-cut', 'the host of the stage is gone');
    else void link.send({ kind: 'ping' }).catch(() => {});
  }, PING_MS);
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    if (isBinary) {
      for (let from = 0; from < bytes.length; from += MAX_FRAME_BYTES) {
        void link.send({ kind: 'bytes', bytes: bytes.subarray(from, from + MAX_FRAME_BYTES) }).catch(() => {});
      }
      return;
    }
    const size = readControl(bytes.toString('utf8'));
    if (size === null) fail('shell-message', 'that is no message of a terminal');
    else void link.send({ kind: 'size', size }).catch(() => {});
  });
  socket.on('close', () => {
    clearTimeout(opening);
    clearInterval(pinging);
    void link
      .send({ kind: 'close' })
      .catch(() => {})
      .then(() => link.close());
  });
  await announceShell(database, shell);
}
