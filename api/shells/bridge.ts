import { WebSocket } from 'ws';
import type { ShellInput, ShellOutput } from '#core/shell.ts';
import type { Database } from '#db/client.ts';
import { announceShell, withdrawShell } from '#db/queries/shells.ts';
import { MAX_FRAME_BYTES, openShellOfPerson } from '#db/shell-link.ts';
import { readControl } from './control.ts';

/** The host says within this time that it has opened the terminal; pulling an image is part of it. */
const OPEN_MS = 120_000;
const PING_MS = 15_000;
/** Pings without an answer after which the host is taken for gone. */
const MAX_UNANSWERED = 3;

/**
 * Joins a person's WebSocket with the host's end of the terminal. Binary messages are bytes, texts are JSON: a size from
 * the person, what happens to the terminal from here. Call it as soon as the socket is open: it misses no event then.
 */
export async function bridgeShell(
  database: Database,
  shell: { id: string; hostId: string },
  socket: WebSocket,
): Promise<void> {
  let unanswered = 0;
  let isHeard = false;
  // The host listens once it has said something: what is sent to it before would be missing for ever.
  const heard = Promise.withResolvers<void>();
  const tell = (output: Exclude<ShellOutput, { kind: 'bytes' | 'pong' }>) => socket.send(JSON.stringify(output));
  const fail = (code: string, message: string) => {
    if (socket.readyState === WebSocket.OPEN) tell({ kind: 'failed', code, message });
    socket.close();
  };
  const cut = () => fail('shell-cut', 'the connection to the host of the stage was lost');
  const opening = setTimeout(
    () => fail('shell-unanswered', 'the host of the stage does not open the terminal'),
    OPEN_MS,
  );
  const linking = openShellOfPerson(database, shell.id, {
    onFrame(output) {
      if (socket.readyState !== WebSocket.OPEN) return;
      unanswered = 0;
      isHeard = true;
      heard.resolve();
      if (output.kind === 'pong') return;
      if (output.kind === 'bytes') {
        // Only what left here lets the host go on: a slow line slows the shell.
        socket.send(output.bytes, () => void send({ kind: 'taken', count: 1 }));
        return;
      }
      clearTimeout(opening);
      tell(output);
      if (output.kind !== 'opened') socket.close();
    },
    onCut: cut,
  });
  /** Never rejects: a frame that cannot be sent ends the terminal. */
  const send = (frame: ShellInput) => linking.then((link) => link.send(frame)).catch(cut);
  const pinging = setInterval(() => {
    if (!isHeard) return;
    unanswered += 1;
    if (unanswered > MAX_UNANSWERED) fail('shell-cut', 'the host of the stage is gone');
    else void send({ kind: 'ping' });
  }, PING_MS);
  let forwarding = 0;
  const forward = async (frames: readonly ShellInput[]) => {
    forwarding += 1;
    // No more is read than what the database has taken.
    socket.pause();
    await heard.promise;
    await Promise.all(frames.map(send));
    forwarding -= 1;
    if (forwarding === 0) socket.resume();
  };
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    const frames = isBinary ? cutIntoFrames(bytes) : readSize(bytes);
    if (frames === null) fail('shell-message', 'that is no message of a terminal');
    else void forward(frames);
  });
  socket.on('close', () => {
    clearTimeout(opening);
    clearInterval(pinging);
    void Promise.allSettled([send({ kind: 'close' }), withdrawShell(database, shell.id)])
      .then(async () => (await linking).close())
      .catch(() => {});
  });
  await linking;
  // Whoever has left meanwhile gets no terminal.
  if (socket.readyState === WebSocket.OPEN) await announceShell(database, shell);
}

function cutIntoFrames(bytes: Buffer): ShellInput[] {
  const frames: ShellInput[] = [];
  for (let from = 0; from < bytes.length; from += MAX_FRAME_BYTES) {
    frames.push({ kind: 'bytes', bytes: bytes.subarray(from, from + MAX_FRAME_BYTES) });
  }
  return frames;
}

function readSize(text: Buffer): ShellInput[] | null {
  const size = readControl(text.toString('utf8'));
  return size && [{ kind: 'size', size }];
}
