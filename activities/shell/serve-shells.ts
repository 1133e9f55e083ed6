import { once } from 'node:events';
import { toFault } from '#core/fault.ts';
import type { ShellInput } from '#core/shell.ts';
import type { Database } from '#db/client.ts';
import { endShell, takeShell } from '#db/queries/shells.ts';
import type { ShellRow } from '#db/rows.ts';
import { MAX_FRAME_BYTES, openShellOfHost, SHELLS_CHANNEL } from '#db/shell-link.ts';
import type { OpenedTerminal } from './open-terminal.ts';

/** Frames on their way that nobody has shown yet: beyond that the shell waits, as at a slow terminal. */
const MAX_UNTAKEN = 64;
/** The person's end says at least this often that it is there. */
const SILENCE_MS = 45_000;

export interface ShellService {
  close(): Promise<void>;
}

/** Opens the terminals that are asked for on this host. One of its workers takes each. */
export async function serveShells(options: {
  database: Database;
  hostId: string;
  open(shell: ShellRow): Promise<OpenedTerminal>;
  report(error: unknown, what: string): void;
}): Promise<ShellService> {
  const { database, hostId, report } = options;
  const closing = new AbortController();
  const served = new Set<Promise<void>>();
  const subscription = await database.listen(SHELLS_CHANNEL, (payload) => {
    const [host, id = ''] = payload.split(' ');
    if (host !== hostId || closing.signal.aborted) return;
    const one = serve(id).catch((error: unknown) => report(error, `terminal ${id}`));
    served.add(one);
    void one.finally(() => served.delete(one));
  });

  async function serve(id: string): Promise<void> {
    const shell = await takeShell(database, id);
    if (shell === null) return;
    try {
      await serveShell(database, shell, options.open, closing.signal);
    } finally {
      await endShell(database, id);
    }
  }

  return {
    async close() {
      closing.abort();
      await subscription.unlisten().catch(() => {});
      await Promise.all(served);
    },
  };
}

/** One terminal from its opening to its end, whichever side ends it. */
async function serveShell(
  database: Database,
  shell: ShellRow,
  open: (shell: ShellRow) => Promise<OpenedTerminal>,
  signal: AbortSignal,
): Promise<void> {
  const early: ShellInput[] = [];
  let hear = (input: ShellInput): void => void early.push(input);
  const over = new AbortController();
  const leave = () => over.abort();
  signal.addEventListener('abort', leave, { once: true });
  const link = await openShellOfHost(database, shell.id, { onFrame: (input) => hear(input), onCut: leave });
  let silence = setTimeout(leave, SILENCE_MS);
  let opened: OpenedTerminal | null = null;
  try {
    opened = await open(shell);
    const { terminal, note } = opened;
    let untaken = 0;
    let onTaken = () => {};
    hear = (input) => {
      clearTimeout(silence);
      silence = setTimeout(leave, SILENCE_MS);
      switch (input.kind) {
        case 'bytes':
          terminal.write(input.bytes);
          break;
        case 'size':
          void terminal.resize(input.size);
          break;
        case 'taken':
          untaken -= input.count;
          onTaken();
          break;
        case 'ping':
          void link.send({ kind: 'pong' });
          break;
        case 'close':
          leave();
          break;
        default:
          input satisfies never;
      }
    };
    await link.send({ kind: 'opened', note });
    early.forEach(hear);
    const left = once(over.signal, 'abort').catch(() => {});
    const print = async () => {
      for await (const chunk of terminal.output) {
        const bytes = chunk as Uint8Array;
        for (let from = 0; from < bytes.length; from += MAX_FRAME_BYTES) {
          while (untaken >= MAX_UNTAKEN)
            await Promise.race([left, new Promise<void>((resolve) => (onTaken = resolve))]);
          untaken += 1;
          await link.send({ kind: 'bytes', bytes: bytes.subarray(from, from + MAX_FRAME_BYTES) });
        }
      }
    };
    const printed = print().catch(leave);
    await Promise.race([left, terminal.ended.then(() => printed)]);
    const exitCode = over.signal.aborted ? 129 : await terminal.ended;
    await link.send({ kind: 'ended', exitCode });
  } catch (error) {
    const { code, message, cause } = toFault(error);
    await link.send({ kind: 'failed', code, message: cause ? `${message}: ${cause}` : message });
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', leave);
    await opened?.close();
    await link.close();
  }
}
