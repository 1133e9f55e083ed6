import { describeNoRunner } from '#core/runner.ts';
import { withPatience } from '#db/away.ts';
import type { Database } from '#db/client.ts';
import { findRunner, keepRunner, listAwaitingRunner, listRunnerLabels, removeRunner } from '#db/queries/runners.ts';
import type { RunnerRecords } from '../runner/port.ts';
import { PATIENCE_MS } from './patience.ts';

/** Machines that take stages, in Postgres. */
export function createRunnerRecords(database: Database): RunnerRecords {
  return {
    // One that comes late is said again by the caller's timer.
    keepRunner: (runner) => keepRunner(database, runner),
    removeRunner: (hostId) => removeRunner(database, hostId),
    findRunner: (labels) =>
      withPatience(async () => {
        const found = await findRunner(database, labels);
        if (found) return { kind: 'found', hostId: found.hostId, queue: found.queue };
        return { kind: 'none', reason: describeNoRunner(labels, await listRunnerLabels(database)) };
      }, PATIENCE_MS),
    listAwaiting: () => listAwaitingRunner(database),
  };
}
