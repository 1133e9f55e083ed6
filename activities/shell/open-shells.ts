import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '#db/client.ts';
import { openTerminal, type TerminalDeps } from './open-terminal.ts';
import { serveShells, type ShellService } from './serve-shells.ts';

const RETRY_MS = 5_000;

/** Serves terminals of this host as soon as the database can be listened to; nothing else waits for it. */
export function openShells(options: {
  databaseUrl: string;
  hostId: string;
  terminals: TerminalDeps;
  report(error: unknown, what: string): void;
}): ShellService {
  const { databaseUrl, hostId, terminals, report } = options;
  const database = openDatabase(databaseUrl, { name: 'buildit-shells', max: 2 });
  const closing = new AbortController();
  const starting = start();

  async function start(): Promise<ShellService | null> {
    while (!closing.signal.aborted) {
      try {
        return await serveShells({ database, hostId, open: (shell) => openTerminal(terminals, shell), report });
      } catch (error) {
        report(error, 'listen for terminals');
        await delay(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
    return null;
  }

  return {
    async close() {
      closing.abort();
      await (await starting)?.close();
      await database.end({ timeout: 1 });
    },
  };
}
