import type { Reason } from '#core/attempt.ts';
import type { NodeResult, RecordBatch, Status } from '#core/run.ts';
import type { Database } from '#db/client.ts';
import { forgetOldAnswers } from '#db/queries/idempotency.ts';
import { listStages } from '#db/queries/read-run.ts';
import { recordBatch } from '#db/queries/record-batch.ts';
import { setRunStatus } from '#db/queries/set-run-status.ts';
import { listRunStandings, listStaleOpenRuns } from '#db/queries/stale-runs.ts';
import type { RunRow } from '#db/rows.ts';
import type { RunSecretStore } from '#store/secret/port.ts';
import type { ExecutorHost } from '../executor/port.ts';
import type { Reconciliation, WorkflowDirectory, WorkflowStanding } from './port.ts';

export interface ReconcileDeps {
  database: Database;
  workflows: WorkflowDirectory;
  /** Every place where something of our runs may be left. */
  hosts: readonly ExecutorHost[];
  secrets: RunSecretStore;
}

/** A run that changed within this time is left alone: its rows may just be on their way. */
const SETTLE_MS = 60_000;

/**
 * Compares rows, Temporal and hosts, and repairs what disagrees (ARCHITECTURE §5): an open row whose workflow is over
 * is ended, and what an ended run left on a host is removed. Safe to run at any time, at several places at once. One
 * part that is away does not keep the others from being looked after.
 */
export async function reconcile(deps: ReconcileDeps, settleMs: number = SETTLE_MS): Promise<Reconciliation> {
  const report: Reconciliation = { ended: [], paused: [], reaped: [], troubles: [] };
  const attempt = async (what: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      report.troubles.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const run of await listStaleOpenRuns(deps.database, settleMs)) {
    await attempt(run.label, async () => {
      const standing = await deps.workflows.find(run.id);
      if (standing.kind === 'open') return resumeRun(deps.database, run);
      if (standing.kind === 'stuck') {
        await setRunStatus(deps.database, run.id, { kind: 'paused', reason: ENGINE_CHANGED });
        report.paused.push(run.id);
        return;
      }
      await endRun(deps, run, standing);
      report.ended.push(run.id);
    });
  }
  for (const host of deps.hosts) await attempt(`host ${host.kind}`, () => reap(deps, host, settleMs, report));
  await attempt('idempotency keys', () => forgetOldAnswers(deps.database));
  return report;
}

async function reap(deps: ReconcileDeps, host: ExecutorHost, settleMs: number, report: Reconciliation): Promise<void> {
  const present = await host.listRuns();
  if (present.length === 0) return;
  const standings = await listRunStandings(deps.database, present, settleMs);
  for (const runId of present) {
    // A run that is open, or was a moment ago, still owns what it has there. One without a row has no owner at all.
    if (standings.get(runId) === 'keep') continue;
    await host.closeRun(runId);
    await deps.secrets.forget(runId);
    report.reaped.push(runId);
  }
}

/** A run whose history cannot be replayed is never shown as running (ENGINE 9). */
const ENGINE_CHANGED: Reason = {
  code: 'engine-code-changed',
  message: 'the engine code changed and cannot carry this run on; start the version that began it, or cancel the run',
};

/** The code that could not carry it on has been replaced. */
async function resumeRun(database: Database, run: RunRow): Promise<void> {
  if (run.statusKind !== 'paused') return;
  const at = new Date().toISOString();
  await setRunStatus(database, run.id, { kind: 'running', attempt: run.attempt, since: at, heartbeatAt: at });
}

/** Writes the end that the workflow could not: by its own result if it has one, else as our fault. */
async function endRun(
  deps: ReconcileDeps,
  run: RunRow,
  standing: Exclude<WorkflowStanding, { kind: 'open' | 'stuck' }>,
): Promise<void> {
  const at = new Date().toISOString();
  const stages = await listStages(deps.database, run.id);
  const result = standing.kind === 'closed' ? standing.result : null;
  const reason: Reason = {
    code: 'workflow-lost',
    message:
      standing.kind === 'closed' ? `its workflow ended as ${standing.how}` : 'Temporal knows no workflow of this run',
  };
  const nodes = stages
    .filter((stage) => stage.statusKind !== 'ended')
    .map((stage): RecordBatch['nodes'][number] => {
      const known = result?.results[stage.name];
      const ending = known?.ending ?? (stage.statusKind === 'running' ? 'errored' : 'not-run');
      const status: Status = { kind: 'ended', ending, reason: known?.reason ?? reason, at };
      return { name: stage.name, status, result: known ?? createResult(ending, reason, stage.attemptCount) };
    });
  const end: Status = result
    ? { kind: 'ended', ending: result.ending, reason: null, at }
    : { kind: 'ended', ending: 'errored', reason, at };
  // Newer than anything that was written: the workflow is over and writes nothing more.
  const version = Math.max(run.version, ...stages.map((stage) => Math.ceil(stage.orderKey / 10))) + 1;
  await recordBatch(deps.database, { runId: run.id, version, at, run: end, nodes, gates: [] });
  await deps.secrets.forget(run.id);
}

function createResult(ending: NodeResult['ending'], reason: Reason, attempts: number): NodeResult {
  return { ending, reason, outputs: {}, artifacts: [], attempts, carriedFrom: null };
}
