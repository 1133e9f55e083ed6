import { LEFTOVER_KINDS, type LeftoverKind, type Retention, type SweepReport } from '#core/leftovers.ts';
import type { Database } from '#db/client.ts';
import { listSweeps, noteSweep, whileSweeping } from '#db/queries/sweeps.ts';
import type { CacheStore } from '#store/cache/port.ts';
import type { ObjectStore } from '#store/object/port.ts';
import type { RunBytes } from '#store/run-bytes.ts';
import type { RunSecretStore } from '#store/secret/port.ts';
import type { Swept, SweepOptions } from '#store/swept.ts';
import type { ExecutorHost } from '../executor/port.ts';
import type { CacheRecords } from '../record/port.ts';
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
export type Sweeper = (
  deps: SweepDeps,
  options: SweepOptions,
) => Promise<Omit<Swept, 'bytes'> & { bytes: number | null }>;

/** `due`: what is due by its own interval. `all`: everything. `look`: counts everything, removes nothing. */
export type SweepMode = 'due' | 'all' | 'look';

/** A chunk or a snapshot that nobody touched for so long is no writer's. */
export const GRACE_MS = 3_600_000;

/** The work of one sweep ends then, and the next goes on: by the schedule a minute later. */
const BUDGET_MS: Record<SweepMode, number> = { due: 20_000, look: 120_000, all: 240_000 };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How often each kind is looked for. What lists all that is stored comes seldom. */
const EVERY_MS: Record<LeftoverKind, number> = {
  ...{ runs: 0, artifacts: 0, space: HOUR_MS, chunks: HOUR_MS, snapshots: HOUR_MS, caches: HOUR_MS, strays: DAY_MS },
  // The reconciler does these each minute; here they are looked for when somebody asks.
  ...{ hosts: DAY_MS, secrets: DAY_MS, answers: DAY_MS },
};

/**
 * Sweeps what nobody needs any more. One of an installation does at a time; null when another one is at it. Who only
 * looks waits for nobody. What one kind comes upon does not keep the others from being looked after.
 */
export async function sweep(deps: SweepDeps, mode: SweepMode): Promise<SweepReport | null> {
  const work = async () => {
    const report: SweepReport = { leftovers: [], troubles: [] };
    const options: SweepOptions = {
      graceMs: GRACE_MS,
      isDry: mode === 'look',
      signal: AbortSignal.timeout(BUDGET_MS[mode]),
    };
    const last = new Map((await listSweeps(deps.database)).map(({ kind, sweptAt }) => [kind, Date.parse(sweptAt)]));
    for (const kind of LEFTOVER_KINDS) {
      if (mode === 'due' && Date.now() - (last.get(kind) ?? 0) < EVERY_MS[kind]) continue;
      try {
        const { oldestAt, ...swept } = await SWEEPERS[kind](deps, options);
        report.leftovers.push({
          kind,
          ...swept,
          oldestAt: oldestAt === null ? null : new Date(oldestAt).toISOString(),
        });
        // Cut off it is begun again in a minute.
        if (!options.isDry && !options.signal.aborted && (swept.count > 0 || EVERY_MS[kind] > 0)) {
          await noteSweep(deps.database, kind, swept);
        }
      } catch (error) {
        report.troubles.push(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return report;
  };
  return mode === 'look' ? work() : whileSweeping(deps.database, work);
}
