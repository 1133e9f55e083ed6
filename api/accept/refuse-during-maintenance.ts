import { findMaintenance } from '#db/queries/switches.ts';
import type { Scoped } from '#db/scope.ts';
import { ProblemError } from '../problem.ts';

/** Maintenance ends when somebody ends it: asking once a minute costs nobody anything. */
const AGAIN_MS = 60_000;

/**
 * While an operator keeps the installation in maintenance nobody starts a run (UI §4.16); what stages of open runs start
 * goes on with them. Throws 503 `maintenance`: a trigger that may wait says so by asking again. Asked in the transaction
 * that starts the run: one more connection of the pool might be given back by nobody but who waits for it.
 */
export async function refuseDuringMaintenance(scoped: Scoped): Promise<void> {
  const maintenance = await findMaintenance(scoped);
  if (!maintenance) return;
  const why = maintenance.reason === null ? '' : `: ${maintenance.reason}`;
  throw new ProblemError(503, 'maintenance', `no run starts since ${maintenance.since}${why}`, {
    hint: 'open runs go on; start it when an operator has ended the maintenance',
    retry: { afterMs: AGAIN_MS },
  });
}
