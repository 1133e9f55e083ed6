import type { Database } from '#db/client.ts';
import { keepApiProcess, removeApiProcess, type ApiProcess } from '#db/queries/api-processes.ts';

const BEAT_MS = 20_000;
/** A process that has been silent for so long is called so (UI §4.16 says it of executors). */
const LEASE_MS = 60_000;

/** Says again and again that this process of the API is there, until `stop`, with which it is forgotten. */
export function startProcessBeat(database: Database, process: ApiProcess): { stop(): Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  const beat = (): void => {
    // A database that is away is told by everything else; the next beat comes by itself.
    last = keepApiProcess(database, { ...process, leaseMs: LEASE_MS }).catch(() => {});
  };
  beat();
  const timer = setInterval(beat, BEAT_MS);
  return {
    async stop() {
      clearInterval(timer);
      await last;
      await removeApiProcess(database, process.name).catch(() => {});
    },
  };
}
