import type { LeftoverKind } from '#core/leftovers.ts';
import {
  expireArtifacts,
  listArtifactsToSweep,
  listDueArtifacts,
  noteArtifactSwept,
} from '#db/queries/due-artifacts.ts';
import { type DueRuns, listRunsPastBytes, listRunsPastDays } from '#db/queries/due-runs.ts';
import { expireRuns, listRunsToSweep, noteRunSwept } from '#db/queries/expire-runs.ts';
import { countOldAnswers, forgetOldAnswers } from '#db/queries/idempotency.ts';
import { forgetSnapshots } from '#db/queries/snapshots.ts';
import { listGoneRuns, listKeptSnapshots, listStrayArtifacts } from '#db/queries/sweeps.ts';
import { sweepChunks } from '#store/artifact/sweep-chunks.ts';
import { readCautiousTime } from '#store/host-clock.ts';
import { sweepSnapshots } from '#store/snapshot/sweep-snapshots.ts';
import { addSwept, NOTHING_SWEPT, type Swept, type SweepOptions } from '#store/swept.ts';
import { findLeft, findOrphans, reap } from './reconcile.ts';
import { sweepCaches } from './sweep-caches.ts';
import type { SweepDeps, Sweeper } from './sweep.ts';

/** Rows that one look at the database answers. */
const AT_ONCE = 200;
/** So many runs and artifacts are counted by a look at what would go. */
const COUNTED = 100_000;
/** What a restore puts into the store is young, and its rows come later. */
const STRAY_MS = 86_400_000;

/** In the order of core/leftovers.ts: what is given up first leaves chunks and sources to those behind. */
export const SWEEPERS: Record<LeftoverKind, Sweeper> = {
  async runs(deps, options) {
    if (options.isDry) return countRuns(await listRunsPastDays(deps.database, deps.retention, COUNTED));
    return sweepRuns(deps, options, (limit) => listRunsPastDays(deps.database, deps.retention, limit));
  },
  async space(deps, options) {
    if (!options.isDry) {
      return sweepRuns(deps, options, (limit) => listRunsPastBytes(deps.database, deps.retention, limit));
    }
    const old = await listRunsPastDays(deps.database, deps.retention, COUNTED);
    const known = new Set(old.map(({ scope, number }) => `${scope} ${number}`));
    const large = await listRunsPastBytes(deps.database, deps.retention, COUNTED);
    return countRuns(large.filter(({ scope, number }) => !known.has(`${scope} ${number}`)));
  },
  async artifacts({ database, bytes }, { isDry, signal }) {
    const due = await listDueArtifacts(database, isDry ? COUNTED : AT_ONCE);
    const gone = isDry ? due : await expireArtifacts(database, due);
    // Also those of a sweep that was killed here.
    for (const key of isDry ? [] : await listArtifactsToSweep(database, AT_ONCE)) {
      if (signal.aborted) break;
      await bytes.removeArtifact(key);
      await noteArtifactSwept(database, key);
    }
    const times = gone.map(({ expiresAt }) => Date.parse(expiresAt));
    return {
      count: gone.length,
      bytes: gone.reduce((sum, artifact) => sum + artifact.bytes, 0),
      oldestAt: times.length === 0 ? null : Math.min(...times),
    };
  },
  async strays(deps, options) {
    let swept = NOTHING_SWEPT;
    const stored = await deps.bytes.listRuns();
    for (let at = 0; at < stored.length && !options.signal.aborted; at += AT_ONCE) {
      const runIds = stored.slice(at, at + AT_ONCE);
      const gone = new Set(await listGoneRuns(deps.database, runIds));
      for (const runId of runIds) {
        const one = gone.has(runId)
          ? await sweepStrayRun(deps, runId, options)
          : await sweepStrays(deps, runId, options);
        swept = addSwept(swept, one);
      }
    }
    return swept;
  },
  chunks: ({ objects }, options) => sweepChunks(objects, options),
  async snapshots({ database, snapshotFolder: folder }, options) {
    const forget = (digests: readonly string[]) => forgetSnapshots(database, digests);
    return sweepSnapshots({ folder, kept: await listKeptSnapshots(database), forget, isThorough: true }, options);
  },
  async caches({ caches }, { isDry }) {
    return { count: await sweepCaches(caches, isDry), bytes: null, oldestAt: null };
  },
  async hosts({ database, secrets, listHosts }, { isDry }) {
    let count = 0;
    for (const host of await listHosts()) {
      count += (isDry ? await findLeft(database, host) : await reap({ database, secrets }, host)).length;
    }
    return { count, bytes: null, oldestAt: null };
  },
  async secrets({ database, secrets }, { isDry }) {
    const orphans = await findOrphans({ database, secrets });
    for (const runId of isDry ? [] : orphans) await secrets.forget(runId);
    return { count: orphans.length, bytes: null, oldestAt: null };
  },
  async answers({ database }, { isDry }) {
    const count = isDry ? await countOldAnswers(database) : await forgetOldAnswers(database);
    return { count, bytes: null, oldestAt: null };
  },
};

/** Gives up what is due, then removes the bytes of all that was given up, also by a sweep that was killed between. */
async function sweepRuns(
  { database, bytes }: SweepDeps,
  { signal }: SweepOptions,
  listDue: (limit: number) => Promise<DueRuns[]>,
): Promise<Swept> {
  let swept = NOTHING_SWEPT;
  for (let isMore = true; isMore && !signal.aborted;) {
    const gone = await expireRuns(database, await listDue(AT_ONCE));
    const left = await listRunsToSweep(database, AT_ONCE);
    for (const runId of left) {
      if (signal.aborted) break;
      await bytes.remove(runId);
      await noteRunSwept(database, runId);
    }
    swept = addSwept(swept, countRuns(gone));
    isMore = gone.length > 0 || left.length > 0;
  }
  return swept;
}

function countRuns(runs: readonly DueRuns[]): Swept {
  return runs
    .map(({ bytes, endedAt }): Swept => ({ count: 1, bytes, oldestAt: Date.parse(endedAt) }))
    .reduce(addSwept, NOTHING_SWEPT);
}

/** A run that nobody knows, or whose bytes should be gone: of a deleted workspace, of a worker that was cut off. */
async function sweepStrayRun({ bytes }: SweepDeps, runId: string, { isDry }: SweepOptions): Promise<Swept> {
  const { youngestAt, ...measured } = await bytes.measure(runId);
  if (youngestAt > readCautiousTime() - STRAY_MS) return NOTHING_SWEPT;
  if (!isDry) await bytes.remove(runId);
  return measured.count === 0 ? NOTHING_SWEPT : { ...measured, count: 1 };
}

/** Artifacts of an ended run that it has no row of: their stage died before it could say so. */
async function sweepStrays(
  { database, objects, bytes }: SweepDeps,
  runId: string,
  { isDry }: SweepOptions,
): Promise<Swept> {
  let swept = NOTHING_SWEPT;
  const keys = await bytes.listArtifacts(runId);
  for (const key of keys.length === 0 ? [] : await listStrayArtifacts(database, runId, keys)) {
    const facts = await objects.stat(key);
    if (!facts || facts.changedAt > readCautiousTime() - STRAY_MS) continue;
    if (!isDry) await bytes.removeArtifact(key);
    swept = addSwept(swept, { count: 1, bytes: facts.bytes, oldestAt: facts.changedAt });
  }
  return swept;
}
