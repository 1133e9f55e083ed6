import type { Database } from '#db/client.ts';
import { endShell, takeShell } from '#db/queries/shells.ts';
import type { ShellRow } from '#db/rows.ts';
import { SHELLS_CHANNEL } from '#db/shell-link.ts';
import type { OpenedTerminal } from './open-terminal.ts';
import { serveShell } from './serve-shell.ts';

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
