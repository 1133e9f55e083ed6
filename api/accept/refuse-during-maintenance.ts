import { findMaintenance } from '#db/queries/switches.ts';
import type { ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';

/** Maintenance ends when somebody ends it: asking once a minute costs nobody anything. */
const AGAIN_MS = 60_000;

/**
 * While an operator keeps the installation in maintenance nobody starts a run (UI §4.16); what stages of open runs start
 * goes on with them. Throws 503 `maintenance`: a trigger that may wait says so by asking again.
 */
export async function refuseDuringMaintenance({ database }: Pick<ApiContext, 'database'>): Promise<void> {
  const maintenance = await findMaintenance(database);
  if (!maintenance) return;
  const why = maintenance.reason === null ? '' : `: ${maintenance.reason}`;
  throw new ProblemError(503, 'maintenance', `no run starts since ${maintenance.since}${why}`, {
    hint: 'open runs go on; start it when an operator has ended the maintenance',
    retry: { afterMs: AGAIN_MS },
  });
}
