import { toFault } from '#core/fault.ts';
import type { ShellInput, ShellOutput } from '#core/shell.ts';
import type { Database } from '#db/client.ts';
import { beatShell } from '#db/queries/shells.ts';
import type { ShellRow } from '#db/rows.ts';
import { MAX_FRAME_BYTES, openShellOfHost, type ShellLink } from '#db/shell-link.ts';
import type { Terminal } from '../executor/terminal.ts';
import type { OpenedTerminal } from './open-terminal.ts';

/** Frames on their way that nobody has shown yet: beyond that the shell waits, as at a slow terminal. */
const MAX_UNTAKEN = 64;
/** The person's end says at least this often that it is there. */
const SILENCE_MS = 45_000;

/** One terminal from its opening to its end, whichever side ends it; the signal does too. */
export async function serveShell(
  database: Database,
  shell: ShellRow,
  open: (shell: ShellRow) => Promise<OpenedTerminal>,
  signal: AbortSignal,
): Promise<void> {
  // Before anything is waited for: a person leaves, and a worker closes, also while the terminal is being opened.
  const over = new AbortController();
  const leave = () => over.abort();
  const left = new Promise<void>((resolve) => {
    over.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  const silence = setTimeout(leave, SILENCE_MS);
  const early: ShellInput[] = [];
  let take = (input: ShellInput): void => void early.push(input);
  let link: ShellLink<ShellOutput> | null = null;
  let opened: OpenedTerminal | null = null;
  const answerPing = async () => {
    await link?.send({ kind: 'pong' });
    if (!(await beatShell(database, shell.id))) leave();
  };
  const hear = (input: ShellInput): void => {
    silence.refresh();
    if (input.kind === 'close') leave();
    else if (input.kind === 'ping') answerPing().catch(leave);
    else take(input);
  };
  try {
    link = await openShellOfHost(database, shell.id, { onFrame: hear, onCut: leave });
    // From now on nothing that the person's end sends is lost.
    await link.send({ kind: 'pong' });
    try {
      opened = await open(shell);
      const { terminal, note } = opened;
      if (!over.signal.aborted) {
        await link.send({ kind: 'opened', note });
        const printer = openPrinter(link, terminal, over.signal, left);
        take = (input) => takeInput(input, terminal, printer.taken);
        early.forEach(take);
        const printed = printer.print().catch(leave);
        await Promise.race([left, terminal.ended.then(() => printed)]);
      }
      const exitCode = over.signal.aborted ? 129 : await terminal.ended;
      await link.send({ kind: 'ended', exitCode });
    } catch (error) {
      const { code, message, cause } = toFault(error);
      await link.send({ kind: 'failed', code, message: cause ? `${message}: ${cause}` : message });
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', leave);
    await Promise.all([opened?.close(), link?.close()]);
  }
}

/** Input that the shell itself, or what it prints, is about. */
function takeInput(input: ShellInput, terminal: Terminal, taken: (count: number) => void): void {
  switch (input.kind) {
    case 'bytes':
      return terminal.write(input.bytes);
    case 'size':
      return void terminal.resize(input.size).catch(() => {});
    case 'taken':
      return taken(input.count);
    case 'ping':
    case 'close':
      return;
    default:
      input satisfies never;
  }
}

/** Sends what the shell prints, as fast as the person's end shows it, until the signal aborts (`left` resolves then). */
function openPrinter(link: ShellLink<ShellOutput>, terminal: Terminal, signal: AbortSignal, left: Promise<void>) {
  let untaken = 0;
  let onTaken = () => {};
  return {
    taken(count: number) {
      untaken -= count;
      onTaken();
    },
    async print() {
      for await (const chunk of terminal.output) {
        const bytes = chunk as Uint8Array;
        for (let from = 0; from < bytes.length; from += MAX_FRAME_BYTES) {
          while (untaken >= MAX_UNTAKEN && !signal.aborted)
            await Promise.race([left, new Promise<void>((resolve) => (onTaken = resolve))]);
          if (signal.aborted) return;
          untaken += 1;
          await link.send({ kind: 'bytes', bytes: bytes.subarray(from, from + MAX_FRAME_BYTES) });
        }
      }
    },
  };
}
