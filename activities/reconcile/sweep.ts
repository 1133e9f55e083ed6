import { LEFTOVER_KINDS, type LeftoverKind, type Retention, type SweepReport } from '#core/leftovers.ts';
import type { Database } from '#db/client.ts';
import { listSweeps, noteSweep, whileSweeping } from '#db/queries/sweeps.ts';
import type { CacheStore } from '#store/cache/port.ts';
import type { ObjectStore } from '#store/object/port.ts';
import type { RunBytes } from '#store/run-bytes.ts';
import type { RunSecretStore } from '#store/secret/port.ts';
import { addSwept, NOTHING_SWEPT, type Swept, type SweepOptions, type SweepWalk } from '#store/swept.ts';
import type { ExecutorHost } from '../executor/port.ts';
import type { CacheRecords } from '../record/port.ts';
import { describeTroubles, goOn } from './go-on.ts';
import { SWEEPERS } from './sweepers.ts';

/** What a sweep works on. */
export interface SweepDeps {
  /** Two connections at least: one holds the lock. */
  database: Database;
  retention: Retention;
  objects: ObjectStore;
  bytes: RunBytes;
  /** Of `openSnapshotStore`. */
  snapshotFolder: string;
  caches: { store: CacheStore; records: Pick<CacheRecords, 'findStrayCaches'> };
  secrets: RunSecretStore;
  listHosts(): Promise<ExecutorHost[]>;
}

/** Removes one kind of leftovers, or counts them. Safe to break off at any moment and to be done by two at once. */
export type Sweeper = (deps: SweepDeps, options: SweepOptions) => SweepWalk;

/** `due`: what is due by its own interval. `all`: everything. `look`: counts everything, removes nothing. */
export type SweepMode = 'due' | 'all' | 'look';

/**
 * Sweeps what nobody needs any more. One of an installation does at a time; null when another one is at it. Who only
 * looks waits for nobody. What one kind comes upon does not keep the others from being looked after. With the signal all
 * of them are cut off.
 */
export type Sweep = (mode: SweepMode, signal?: AbortSignal) => Promise<SweepReport | null>;

/** A chunk or a snapshot that nobody touched for so long is no writer's. */
export const GRACE_MS = 3_600_000;

/** The work of one sweep ends then. Each kind has its share of it, and what is cut off goes on with the next one. */
const BUDGET_MS: Record<SweepMode, number> = { due: 20_000, look: 120_000, all: 240_000 };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How often each kind is looked for; null: when somebody asks. What lists all that is stored comes seldom. */
const EVERY_MS: Record<LeftoverKind, number | null> = {
  ...{ runs: 0, artifacts: 0, space: HOUR_MS, chunks: HOUR_MS, snapshots: HOUR_MS, caches: HOUR_MS, strays: DAY_MS },
  // The reconciler has done these a moment before, and notes them.
  ...{ hosts: null, secrets: null, answers: null },
};

/** Of these nobody knows how large they are. */
const SIZELESS: readonly LeftoverKind[] = ['caches', 'hosts', 'secrets', 'answers'];

/**
 * The sweeps of one process. A kind that was cut off is gone on with by the next `due` one where it was, so one that
 * takes longer than its share is done within some minutes, by each process for itself.
 */
export function openSweep(deps: SweepDeps, budgetMs: Record<SweepMode, number> = BUDGET_MS): Sweep {
  const cutOff = new Map<LeftoverKind, { walk: SweepWalk; begunAt: number }>();

  /** The walk of a kind; null while it is not due. */
  function findWalk(kind: LeftoverKind, mode: SweepMode, sweptAt: number) {
    const kept = cutOff.get(kind);
    if (mode !== 'look') cutOff.delete(kind);
    if (mode === 'due' && Date.now() - sweptAt < (EVERY_MS[kind] ?? Infinity)) return null;
    // Somebody else may have come to the end of all of it meanwhile.
    if (mode === 'due' && kept && kept.begunAt > sweptAt) return kept;
    return { walk: SWEEPERS[kind](deps, { graceMs: GRACE_MS, isDry: mode === 'look' }), begunAt: Date.now() };
  }

  async function work(mode: SweepMode, signal?: AbortSignal): Promise<SweepReport> {
    const endsAt = performance.now() + budgetMs[mode];
    const last = new Map((await listSweeps(deps.database)).map(({ kind, sweptAt }) => [kind, Date.parse(sweptAt)]));
    const found = new Map<LeftoverKind, Swept>();
    const troubles: string[] = [];
    let open = LEFTOVER_KINDS.flatMap((kind) => {
      const walk = findWalk(kind, mode, last.get(kind) ?? 0);
      return walk ? [{ kind, ...walk }] : [];
    });
    // What some leave of their shares is there for those that were cut off.
    do {
      const left: typeof open = [];
      for (const [index, one] of open.entries()) {
        const now = performance.now();
        const stretch = await goOn(one.walk, now + (endsAt - now) / (open.length - index), signal);
        found.set(one.kind, addSwept(found.get(one.kind) ?? NOTHING_SWEPT, stretch.swept));
        troubles.push(...describeTroubles(one.kind, stretch.troubles));
        if (stretch.end === 'cut') left.push(one);
        if (mode !== 'look') await note(one.kind, stretch.swept, stretch.end === 'over');
      }
      open = left;
    } while (open.length > 0 && !signal?.aborted && performance.now() < endsAt);
    for (const { kind, walk, begunAt } of open) {
      if (mode !== 'look') cutOff.set(kind, { walk, begunAt });
      if (mode !== 'due') troubles.push(`${kind}: there was no time for all of it`);
    }
    return { leftovers: [...found].map(([kind, swept]) => toLeftover(kind, swept)), troubles };
  }

  async function note(kind: LeftoverKind, swept: Swept, isOver: boolean): Promise<void> {
    const isNews = swept.count > 0 || swept.bytes > 0;
    if (isNews || (isOver && (EVERY_MS[kind] ?? 0) > 0)) await noteSweep(deps.database, kind, swept, isOver);
  }

  return (mode, signal) =>
    mode === 'look' ? work(mode, signal) : whileSweeping(deps.database, () => work(mode, signal));
}

function toLeftover(kind: LeftoverKind, { count, bytes, oldestAt }: Swept): SweepReport['leftovers'][number] {
  return {
    ...{ kind, count },
    bytes: SIZELESS.includes(kind) ? null : bytes,
    oldestAt: oldestAt === null ? null : new Date(oldestAt).toISOString(),
  };
}
