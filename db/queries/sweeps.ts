import type { LeftoverKind } from '#core/leftovers.ts';
import { asJson, type Database, type Queryable } from '../client.ts';

/** What was swept of a kind so far. */
export interface SweepTotal {
  kind: LeftoverKind;
  removed: number;
  bytes: number;
  /** When all of it was looked for; 1970 before the first time. */
  sweptAt: string;
}

/** What is locked by whoever sweeps; any number that nothing else locks. */
const SWEEP_LOCK = 7_337_001;

/**
 * Does the work unless somebody else of this installation is at it: then null. The lock is that of a connection, so who
 * is killed loses it at once.
 */
export async function whileSweeping<Result>(database: Database, work: () => Promise<Result>): Promise<Result | null> {
  // The driver reserves a connection that is open, and waits for ever for one that is not.
  await database`SELECT 1`;
  const connection = await database.reserve();
  try {
    const [row] = await connection<{ isOurs: boolean }[]>`SELECT pg_try_advisory_lock(${SWEEP_LOCK}) AS is_ours`;
    if (!row?.isOurs) return null;
    try {
      return await work();
    } finally {
      await connection`SELECT pg_advisory_unlock(${SWEEP_LOCK})`;
    }
  } finally {
    connection.release();
  }
}

export function listSweeps(queryable: Queryable): Promise<SweepTotal[]> {
  return queryable<SweepTotal[]>`SELECT * FROM sweeps ORDER BY kind`;
}

/** Adds to what was swept of a kind; once that was all of it (`isOver`), notes that it was looked for now. */
export async function noteSweep(
  database: Database,
  kind: LeftoverKind,
  swept: { count: number; bytes: number },
  isOver: boolean,
): Promise<void> {
  await database`
    INSERT INTO sweeps (kind, swept_at, removed, bytes)
    VALUES (${kind}, CASE WHEN ${isOver} THEN now() ELSE 'epoch' END, ${swept.count}, ${swept.bytes})
    ON CONFLICT (kind) DO UPDATE SET swept_at = CASE WHEN ${isOver} THEN now() ELSE sweeps.swept_at END,
      removed = sweeps.removed + excluded.removed, bytes = sweeps.bytes + excluded.bytes`;
}

/** Of these runs, those that are unknown, or given up and swept: what is still stored of one is nobody's. */
export async function listGoneRuns(database: Database, runIds: readonly string[]): Promise<string[]> {
  const rows = await database<{ id: string }[]>`
    SELECT stored.id FROM json_array_elements_text(${asJson(database, runIds)}) AS stored (id)
    WHERE NOT EXISTS (SELECT FROM runs WHERE runs.id::text = stored.id AND NOT is_swept)`;
  return rows.map(({ id }) => id);
}

/** Of these manifests of one run, those of no artifact: the run has ended and has none of that key, or none any more. */
export async function listStrayArtifacts(
  database: Database,
  runId: string,
  keys: readonly string[],
): Promise<string[]> {
  const rows = await database<{ key: string }[]>`
    SELECT stored.key FROM json_array_elements_text(${asJson(database, keys)}) AS stored (key)
    WHERE EXISTS (SELECT FROM runs WHERE id = ${runId} AND status_kind = 'ended')
      AND NOT EXISTS (
        SELECT FROM artifacts WHERE run_id = ${runId} AND removed_at IS NULL
          AND reference->'manifest'->>'key' = stored.key)`;
  return rows.map(({ key }) => key);
}

/** Digests of the sources that runs begin from which are not given up. */
export async function listKeptSnapshots(database: Database): Promise<Set<string>> {
  const rows = await database<{ digest: string }[]>`
    SELECT DISTINCT source->'snapshot'->>'digest' AS digest FROM runs
    WHERE expired_at IS NULL AND source->>'kind' = 'copy'`;
  return new Set(rows.map(({ digest }) => digest));
}
