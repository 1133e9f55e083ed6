import type { Reason } from '#core/attempt.ts';
import type { LeftoverKind } from '#core/leftovers.ts';
import type { Status } from '#core/run.ts';
import type { Database } from '#db/client.ts';
import { hasCancel } from '#db/queries/commands.ts';
import { endRun, type OutsideEnd } from '#db/queries/end-run.ts';
import { type Finding, keepFindings, listFindings } from '#db/queries/findings.ts';
import { releaseOldClaims } from '#db/queries/host-claims.ts';
import { forgetOldAnswers } from '#db/queries/idempotency.ts';
import { setRunStatus } from '#db/queries/set-run-status.ts';
import { endLostShells } from '#db/queries/shells.ts';
import { freePlaces } from '#db/queries/slots.ts';
import { countStartedRuns, listRunStandings, listStaleOpenRuns } from '#db/queries/stale-runs.ts';
import { CANCELLING_SINCE, createStuckEnd, createStuckStatus, isStuck, PAUSED_BY } from '#db/queries/stuck-run.ts';
import { noteSweep } from '#db/queries/sweeps.ts';
import { forgetOldDeliveries } from '#db/queries/webhook-deliveries.ts';
import type { RunRow } from '#db/rows.ts';
import type { RunSecretStore } from '#store/secret/port.ts';
import type { ExecutorHost } from '../executor/port.ts';
import { chooseRuns } from './choose-runs.ts';
import { findStrays, STRAY_KINDS } from './find-strays.ts';
import { type IndexLook, lookAtIndex } from './look-at-index.ts';
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
 * is ended, what an ended run left on a host is removed, places and secrets that nobody holds are given back. What it
 * may not repair it keeps as findings (`GET system/health`). Safe to run at any time, at several places at once. One part
 * that is away does not keep the others from being looked after.
 */
export async function reconcile(deps: ReconcileDeps, settleMs: number = SETTLE_MS): Promise<Reconciliation> {
  const report: Reconciliation = { ended: [], paused: [], reaped: [], freed: 0, troubles: [] };
  const findings: Finding[] = [];
  const compared: string[] = ['not-compared'];
  const attempt = async (what: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      report.troubles.push(`${what}: ${message}`);
      findings.push({ kind: 'not-compared', subject: what, message });
    }
  };
  const runs = await listStaleOpenRuns(deps.database, settleMs);
  const looks: IndexLook[] = [];
  await attempt('workflows', async () => {
    looks.push(await lookAtIndex(deps.workflows, await readKnown(deps.database), Date.now()));
  });
  const [look = null] = looks;
  for (const run of chooseRuns(runs, look, Date.now())) {
    await attempt(run.label, async () => {
      const standing = await deps.workflows.find(run.id);
      if (standing.kind === 'open') return resumeRun(deps.database, run);
      if (standing.kind === 'stuck') {
        await setRunStatus(deps.database, run.id, createStuckStatus(run.status));
        report.paused.push(run.id);
        return;
      }
      await endByStanding(deps, run, standing);
      report.ended.push(run.id);
    });
  }
  // Before the hosts: what stands under the id of an open terminal is kept.
  await attempt('terminals', () => endLostShells(deps.database));
  for (const host of deps.hosts) {
    await attempt(`host ${host.kind}`, async () => {
      const reaped = await reap(deps, host, settleMs);
      report.reaped.push(...reaped);
      await noteRemoved(deps.database, 'hosts', reaped.length);
    });
  }
  await attempt('secrets', async () => {
    const orphans = await findOrphans(deps, settleMs);
    for (const runId of orphans) await deps.secrets.forget(runId);
    await noteRemoved(deps.database, 'secrets', orphans.length);
  });
  await attempt('idempotency keys', async () => {
    await noteRemoved(deps.database, 'answers', await forgetOldAnswers(deps.database));
  });
  await attempt('webhook deliveries', () => forgetOldDeliveries(deps.database));
  await attempt('places', async () => {
    report.freed = await freePlaces(deps.database);
  });
  await attempt('claims', () => releaseOldClaims(deps.database, settleMs));
  const open = look?.open;
  if (open) {
    await attempt('workflows', async () => {
      findings.push(...(await findStrays(deps.database, open)));
      compared.push(...STRAY_KINDS);
    });
  }
  await attempt('findings', () => keepFindings(deps.database, compared, findings));
  return report;
}

async function readKnown(database: Database): Promise<Parameters<typeof lookAtIndex>[1]> {
  const [openRows, findings] = await Promise.all([countStartedRuns(database), listFindings(database)]);
  const strays: readonly string[] = STRAY_KINDS;
  return { openRows, hasStrays: findings.some(({ kind }) => strays.includes(kind)) };
}

/** Adds to the figures of what was swept so far. */
export async function noteRemoved(database: Database, kind: LeftoverKind, count: number): Promise<void> {
  if (count > 0) await noteSweep(database, kind, { count, bytes: 0 }, true);
}

/** Removes what ended and unknown runs left on a host; answers of which. */
export async function reap(
  deps: Pick<ReconcileDeps, 'database' | 'secrets'>,
  host: ExecutorHost,
  settleMs: number = SETTLE_MS,
): Promise<string[]> {
  const over = await findLeft(deps.database, host, settleMs);
  for (const runId of over) {
    await host.closeRun(runId);
    await deps.secrets.forget(runId);
  }
  await host.sweep();
  return over;
}

/** Ended and unknown runs of which something is left on a host. */
export async function findLeft(
  database: Database,
  host: ExecutorHost,
  settleMs: number = SETTLE_MS,
): Promise<string[]> {
  const present = await host.listRuns();
  if (present.length === 0) return [];
  const standings = await listRunStandings(database, present, settleMs);
  // A run that is open, or was a moment ago, still owns what it has there. One without a row has no owner at all.
  return present.filter((runId) => standings.get(runId) !== 'keep');
}

/** Runs that have ended, or were never written down because the API was killed before it could, with secrets sealed. */
export async function findOrphans(
  { database, secrets }: Pick<ReconcileDeps, 'database' | 'secrets'>,
  settleMs: number = SETTLE_MS,
): Promise<string[]> {
  const kept = await secrets.list(settleMs);
  if (kept.length === 0) return [];
  const standings = await listRunStandings(database, kept, settleMs);
  return kept.filter((runId) => standings.get(runId) !== 'keep');
}

/** The code that could not carry it on has been replaced: it is again what it was. */
async function resumeRun(database: Database, run: RunRow): Promise<void> {
  if (!isStuck(run.status)) return;
  const at = new Date().toISOString();
  const since = run.status.reason.values?.[CANCELLING_SINCE];
  const pausedBy = run.status.reason.values?.[PAUSED_BY];
  const status: Status = since
    ? { kind: 'cancelling', since }
    : pausedBy
      ? { kind: 'paused', reason: { code: 'paused', message: `paused by ${pausedBy}`, values: { by: pausedBy } } }
      : { kind: 'running', attempt: run.attempt, since: at, heartbeatAt: at };
  await setRunStatus(database, run.id, status);
}

/** Writes the end that the workflow could not: by its own result if it has one, else as our fault. */
async function endByStanding(
  deps: ReconcileDeps,
  run: RunRow,
  standing: Exclude<WorkflowStanding, { kind: 'open' | 'stuck' }>,
): Promise<void> {
  await endRun(deps.database, run, await describeEnd(deps.database, run, standing));
  await deps.secrets.forget(run.id);
}

async function describeEnd(
  database: Database,
  run: RunRow,
  standing: Exclude<WorkflowStanding, { kind: 'open' | 'stuck' }>,
): Promise<OutsideEnd> {
  const lost: Reason = {
    code: 'workflow-lost',
    message:
      standing.kind === 'closed' ? `its workflow ended as ${standing.how}` : 'Temporal knows no workflow of this run',
  };
  if (standing.kind === 'closed' && standing.result) {
    const { ending, results } = standing.result;
    return { run: { ending, reason: null }, results, open: { ending: 'errored', reason: lost } };
  }
  // Somebody cancelled a run that stood still, and the API was killed before it could write so.
  if (standing.kind === 'closed' && standing.how === 'TERMINATED' && isStuck(run.status)) {
    if (await hasCancel(database, run.id)) return createStuckEnd();
  }
  return { run: { ending: 'errored', reason: lost }, results: {}, open: { ending: 'errored', reason: lost } };
}
