import type { ShellInput, ShellOutput } from '#core/shell.ts';
import type { Database } from './client.ts';
import { decodeInput, decodeOutput, encodeInput, encodeOutput, type Frame } from './shell-frames.ts';

/** Tells hosts of shells that are asked for: `HOST ID`. */
export const SHELLS_CHANNEL = 'buildit_shells';

/** A notification carries 8,000 bytes, and base64 makes 4 of 3. */
export const MAX_FRAME_BYTES = 5_600;

/** One end of a terminal between two processes that have nothing in common but the database. */
export interface ShellLink<Sent> {
  /** In the order of the calls. Resolves when the database has it. */
  send(frame: Sent): Promise<void>;
  close(): Promise<void>;
}

export interface ShellHandlers<Heard> {
  onFrame(frame: Heard): void;
  /** A frame is missing: the connection to the database was lost in between, and nothing brings it back. */
  onCut(): void;
}

/** The end of who typed: sends input, hears output. */
export function openShellOfPerson(database: Database, id: string, handlers: ShellHandlers<ShellOutput>) {
  return openLink<ShellInput, ShellOutput>(database, id, ['input', 'output'], encodeInput, decodeOutput, handlers);
}

/** The end of the host: sends output, hears input. */
export function openShellOfHost(database: Database, id: string, handlers: ShellHandlers<ShellInput>) {
  return openLink<ShellOutput, ShellInput>(database, id, ['output', 'input'], encodeOutput, decodeInput, handlers);
}

async function openLink<Sent, Heard>(
  database: Database,
  id: string,
  [sends, hears]: readonly [string, string],
  encode: (frame: Sent) => Frame,
  decode: (frame: Frame) => Heard | null,
  { onFrame, onCut }: ShellHandlers<Heard>,
): Promise<ShellLink<Sent>> {
  const channelOf = (side: string) => `buildit_shell_${side}_${id.replaceAll('-', '')}`;
  let expected = 1;
  const subscription = await database.listen(channelOf(hears), (payload) => {
    const [, number = '', word = '', text = ''] = /^(\d+) (\S+) ?(.*)$/s.exec(payload) ?? [];
    const frame = decode({ word, text });
    if (Number(number) !== expected || frame === null) {
      onCut();
      return;
    }
    expected += 1;
    onFrame(frame);
  });
  let sent = 0;
  let sending: Promise<unknown> = Promise.resolve();
  return {
    send(frame) {
      sent += 1;
      const { word, text } = encode(frame);
      const payload = `${sent} ${word} ${text}`;
      sending = sending.then(() => database`SELECT pg_notify(${channelOf(sends)}, ${payload})`);
      return sending.then(() => {});
    },
    async close() {
      await sending.catch(() => {});
      await subscription.unlisten().catch(() => {});
    },
  };
}
