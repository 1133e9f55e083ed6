import type { Database } from '#db/client.ts';
import type { Finding } from '#db/queries/findings.ts';
import { listRunStandings } from '#db/queries/stale-runs.ts';

/** A run may still leave its hosts for so long after its rows say that it has ended. */
const LEAVING_MS = 20 * 60_000;
const BATCH = 500;

/** Kinds of what this finds. */
export const STRAY_KINDS = ['workflow-without-run', 'workflow-of-ended-run'] as const;

/**
 * Open workflows that no open row stands for. They are told of and left alone: another installation may use the same
 * namespace, and what a workflow still does only a person can judge.
 */
export async function findStrays(
  database: Database,
  open: Iterable<string>,
  leavingMs: number = LEAVING_MS,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let batch: string[] = [];
  const judge = async () => {
    const standings = await listRunStandings(database, batch, leavingMs);
    for (const runId of batch) {
      const standing = standings.get(runId);
      if (standing === 'keep') continue;
      findings.push(
        standing === 'over'
          ? { kind: 'workflow-of-ended-run', subject: runId, message: 'the run has ended, its workflow has not' }
          : { kind: 'workflow-without-run', subject: runId, message: 'Temporal has a workflow for a run nobody knows' },
      );
    }
    batch = [];
  };
  for (const runId of open) {
    batch.push(runId);
    if (batch.length === BATCH) await judge();
  }
  await judge();
  return findings;
}
