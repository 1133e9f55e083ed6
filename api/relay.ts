import { toFault, type Fault } from '#core/fault.ts';
import type { Database } from '#db/client.ts';
import { endRun } from '#db/queries/end-run.ts';
import { findRunAnywhere } from '#db/queries/find-run.ts';
import { findNextDue, postpone, removeDelivered, takeDue } from '#db/queries/outbox.ts';
import type { ChangeHub } from './stream/hub.ts';
import { startWorkLoop, type WorkLoop } from './work-loop.ts';
import type { WorkflowGateway } from './workflows/gateway.ts';

/** Starts the workflows of accepted runs. */
export type Relay = WorkLoop;

export interface RelayDeps {
  database: Database;
  workflows: WorkflowGateway;
  hub: ChangeHub;
  /** Instead of {@link AHEAD}. */
  ahead?: number;
}

/** Rows of a workspace that are taken at once. */
const BATCH = 16;
/**
 * Runs of a workspace that are started and have not begun, at most: enough to keep every worker busy, few enough that a
 * run of another workspace has not hundreds in front of it in queues that know no workspaces.
 */
const AHEAD = 12;
/** Pause while another relay holds all that is due, or workspaces have enough ahead, ms. */
const HELD_MS = 50;
/** That pause is at least so many times what the look took: of tens of thousands of rows one is not cheap. */
const REST = 4;
/** Looks by itself this often, ms: should a notification be lost. */
const LOOK_MS = 5_000;
/** Looks again after this when the database is away, ms. */
const AWAY_MS = 500;

/**
 * Takes rows of the outbox, starts their workflows, removes the rows, in this order: killed anywhere it leaves a row
 * whose workflow exists, and starting that one again finds it. Several relays share the rows.
 */
export function startRelay(deps: RelayDeps): Relay {
  return startWorkLoop(deps.hub, 'outbox', AWAY_MS, async () => {
    const begun = performance.now();
    const count = await deliverDue(deps);
    const next = await findNextDue(deps.database);
    if (next !== 0) return Math.min(LOOK_MS, next ?? LOOK_MS);
    return count > 0 ? 0 : Math.max(HELD_MS, REST * (performance.now() - begun));
  });
}

/** Answers how many it took. */
async function deliverDue(deps: RelayDeps): Promise<number> {
  const { count } = await deps.database.begin(async (transaction) => {
    const rows = await takeDue(transaction, BATCH, deps.ahead ?? AHEAD);
    const outcomes = await Promise.allSettled(rows.map((row) => deps.workflows.start(row.input, row.traceParent)));
    const done: number[] = [];
    for (const [index, row] of rows.entries()) {
      const outcome = outcomes[index];
      const fault = outcome?.status === 'rejected' ? toFault(outcome.reason) : null;
      if (fault?.code === 'workflow-refused') await endRefused(deps.database, row.runId, fault);
      if (fault && fault.code !== 'workflow-refused') await postpone(transaction, row.id, describe(fault));
      else done.push(row.id);
    }
    await removeDelivered(transaction, done);
    return { count: rows.length };
  });
  return count;
}

/**
 * A run that can never start ends as our fault. Committed before its outbox row goes: killed in between, it is refused
 * once more and has ended already. The reconciler forgets its secrets.
 */
async function endRefused(database: Database, runId: string, fault: Fault): Promise<void> {
  const run = await findRunAnywhere(database, runId);
  if (!run || run.statusKind === 'ended') return;
  const end = {
    ending: 'errored',
    reason: { code: fault.code, message: fault.cause ? `${fault.message}: ${fault.cause}` : fault.message },
  } as const;
  await endRun(database, run, { run: end, results: {}, open: end });
}

function describe({ code, message, cause }: Fault): string {
  return `${code}: ${cause ?? message}`;
}
