import type { LeftoverKind } from '#core/leftovers.ts';
import {
  type DueArtifact,
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
import { addSwept, LOOKED, NOTHING_SWEPT, type Swept, type SweepStep, type SweepWalk } from '#store/swept.ts';
import { tryStep } from './go-on.ts';
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
  async *runs(deps, { isDry }) {
    if (isDry) yield toStep(countRuns(await listRunsPastDays(deps.database, deps.retention, COUNTED)));
    else yield* sweepRuns(deps, (limit) => listRunsPastDays(deps.database, deps.retention, limit));
  },
  async *space(deps, { isDry }) {
    if (!isDry) {
      yield* sweepRuns(deps, (limit) => listRunsPastBytes(deps.database, deps.retention, limit));
      return;
    }
    const old = await listRunsPastDays(deps.database, deps.retention, COUNTED);
    const known = new Set(old.map(({ scope, number }) => `${scope} ${number}`));
    const large = await listRunsPastBytes(deps.database, deps.retention, COUNTED);
    yield toStep(countRuns(large.filter(({ scope, number }) => !known.has(`${scope} ${number}`))));
  },
  async *artifacts(deps, { isDry }) {
    if (isDry) yield toStep(countArtifacts(await listDueArtifacts(deps.database, COUNTED)));
    else yield* sweepArtifacts(deps);
  },
  async *strays(deps, { isDry }) {
    // Of an API that was killed while it tried the store (api/health/store-watch.ts).
    for (const key of await deps.objects.list('probe/')) {
      yield await tryStep(key, async () => toStep(await sweepOldObject(deps, key, isDry, deps.objects.remove)));
    }
    const stored = await deps.bytes.listRuns();
    for (let at = 0; at < stored.length; at += AT_ONCE) {
      const runIds = stored.slice(at, at + AT_ONCE);
      const gone = new Set(await listGoneRuns(deps.database, runIds));
      for (const runId of runIds) {
        const act = gone.has(runId) ? sweepStrayRun : sweepStrays;
        yield await tryStep(runId, async () => toStep(await act(deps, runId, isDry)));
      }
    }
  },
  chunks: ({ objects }, options) => sweepChunks(objects, options),
  async *snapshots({ database, snapshotFolder: folder }, options) {
    const forget = (digests: readonly string[]) => forgetSnapshots(database, digests);
    yield* sweepSnapshots({ folder, kept: await listKeptSnapshots(database), forget, isThorough: true }, options);
  },
  async *caches({ caches }, { isDry }) {
    yield toStep(countOnly(await sweepCaches(caches, isDry)));
  },
  async *hosts({ database, secrets, listHosts }, { isDry }) {
    for (const host of await listHosts()) {
      const over = isDry ? await findLeft(database, host) : await reap({ database, secrets }, host);
      yield toStep(countOnly(over.length));
    }
  },
  async *secrets({ database, secrets }, { isDry }) {
    const orphans = await findOrphans({ database, secrets });
    for (const runId of isDry ? [] : orphans) await secrets.forget(runId);
    yield toStep(countOnly(orphans.length));
  },
  async *answers({ database }, { isDry }) {
    yield toStep(countOnly(isDry ? await countOldAnswers(database) : await forgetOldAnswers(database)));
  },
};

/** What is kept for a time, by id or key. */
interface Expiring {
  /** Gives up at most so many of those that are due. */
  expire(limit: number): Promise<Swept>;
  /** What was given up and has bytes, without those that could not go. */
  listLeft(limit: number, without: readonly string[]): Promise<readonly string[]>;
  remove(one: string): Promise<void>;
}

/** Gives up what is due, then removes the bytes of all that was given up, also by a sweep that was killed between. */
async function* sweepExpiring({ expire, listLeft, remove }: Expiring): SweepWalk {
  // What cannot go, for a file that nobody may remove for example, is tried again by the next one.
  const failed: string[] = [];
  for (let isMore = true; isMore;) {
    const gone = await expire(AT_ONCE);
    yield toStep(gone);
    const left = await listLeft(AT_ONCE, failed);
    for (const one of left) {
      const step = await tryStep(one, async () => {
        await remove(one);
        return LOOKED;
      });
      if (step.kind === 'trouble') failed.push(one);
      yield step;
    }
    isMore = gone.count > 0 || left.length > 0;
  }
}

function sweepRuns({ database, bytes }: SweepDeps, listDue: (limit: number) => Promise<DueRuns[]>): SweepWalk {
  return sweepExpiring({
    expire: async (limit) => countRuns(await expireRuns(database, await listDue(limit))),
    listLeft: (limit, without) => listRunsToSweep(database, limit, without),
    async remove(runId) {
      await bytes.remove(runId);
      await noteRunSwept(database, runId);
    },
  });
}

function sweepArtifacts({ database, bytes }: SweepDeps): SweepWalk {
  return sweepExpiring({
    expire: async (limit) => countArtifacts(await expireArtifacts(database, await listDueArtifacts(database, limit))),
    listLeft: (limit, without) => listArtifactsToSweep(database, limit, without),
    async remove(key) {
      await bytes.removeArtifact(key);
      await noteArtifactSwept(database, key);
    },
  });
}

function toStep(swept: Swept): SweepStep {
  return { kind: 'swept', swept };
}

function countOnly(count: number): Swept {
  return { ...NOTHING_SWEPT, count };
}

function countRuns(runs: readonly DueRuns[]): Swept {
  return runs
    .map(({ bytes, endedAt }): Swept => ({ count: 1, bytes, oldestAt: Date.parse(endedAt) }))
    .reduce(addSwept, NOTHING_SWEPT);
}

function countArtifacts(artifacts: readonly DueArtifact[]): Swept {
  return artifacts
    .map(({ bytes, expiresAt }): Swept => ({ count: 1, bytes, oldestAt: Date.parse(expiresAt) }))
    .reduce(addSwept, NOTHING_SWEPT);
}

/** A run that nobody knows, or whose bytes should be gone: of a deleted workspace, of a worker that was cut off. */
async function sweepStrayRun({ bytes }: SweepDeps, runId: string, isDry: boolean): Promise<Swept> {
  const { youngestAt, ...measured } = await bytes.measure(runId);
  if (youngestAt > readCautiousTime() - STRAY_MS) return NOTHING_SWEPT;
  if (!isDry) await bytes.remove(runId);
  return measured.count === 0 ? NOTHING_SWEPT : { ...measured, count: 1 };
}

/** Artifacts of an ended run that it has no row of: their stage died before it could say so. */
async function sweepStrays({ database, objects, bytes }: SweepDeps, runId: string, isDry: boolean): Promise<Swept> {
  let swept = NOTHING_SWEPT;
  const keys = await bytes.listArtifacts(runId);
  for (const key of keys.length === 0 ? [] : await listStrayArtifacts(database, runId, keys)) {
    swept = addSwept(swept, await sweepOldObject({ objects }, key, isDry, bytes.removeArtifact));
  }
  return swept;
}

/** One that nobody has written to for a day. */
async function sweepOldObject(
  { objects }: Pick<SweepDeps, 'objects'>,
  key: string,
  isDry: boolean,
  remove: (key: string) => Promise<void>,
): Promise<Swept> {
  const facts = await objects.stat(key);
  if (!facts || facts.changedAt > readCautiousTime() - STRAY_MS) return NOTHING_SWEPT;
  if (!isDry) await remove(key);
  return { count: 1, bytes: facts.bytes, oldestAt: facts.changedAt };
}
