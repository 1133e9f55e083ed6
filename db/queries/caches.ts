import { v7 as createId } from 'uuid';
import type { CacheName, CacheReference, FoundCache, NewCache } from '#core/cache.ts';
import { asJson, type Database } from '../client.ts';

/**
 * The entry with the very key, in the first scope that has one; else, prefix by prefix and scope by scope, the newest
 * whose key begins so. Null when there is none.
 */
export async function findCache(
  database: Database,
  cache: CacheName & { scopes: readonly string[]; key: string; prefixes: readonly string[] },
): Promise<FoundCache | null> {
  const { runId, name, version, scopes, key, prefixes } = cache;
  if (scopes.length === 0) return null;
  const [row] = await database<FoundCache[]>`
    WITH wanted AS (
      SELECT place, prefix FROM json_array_elements_text(${asJson(database, prefixes)}) WITH ORDINALITY AS _ (prefix, place)
    ), scopes AS (
      SELECT rank, name FROM json_array_elements_text(${asJson(database, scopes)}) WITH ORDINALITY AS _ (name, rank)
    )
    SELECT caches.id, caches.scope, caches.key, caches.bytes, caches.reference, caches.made_ms
    FROM caches JOIN scopes ON scopes.name = caches.scope
      LEFT JOIN wanted ON starts_with(caches.key, wanted.prefix) AND caches.key <> ${key}
    WHERE caches.pipeline_id = (SELECT pipeline_id FROM runs WHERE id = ${runId})
      AND caches.name = ${name} AND caches.version = ${version}
      AND (caches.key = ${key} OR wanted.place IS NOT NULL)
    ORDER BY coalesce(wanted.place, 0), scopes.rank, caches.id DESC LIMIT 1`;
  return row ?? null;
}

/** Adds an entry; false when the key is taken by another one, which stays: an entry is immutable. */
export async function insertCache(database: Database, cache: NewCache): Promise<boolean> {
  const { runId, name, version, scope, key, stage, files, bytes, reference, madeMs } = cache;
  await database`
    INSERT INTO caches (id, workspace_id, pipeline_id, name, version, scope, key, files, bytes, reference, made_ms,
      run_id, stage)
    SELECT ${createId()}, workspace_id, pipeline_id, ${name}, ${version}, ${scope}, ${key}, ${files}, ${bytes},
      ${asJson(database, reference)}, ${madeMs}, id, ${stage}
    FROM runs WHERE id = ${runId}
    ON CONFLICT ON CONSTRAINT caches_identity DO NOTHING`;
  const [row] = await database<{ stored: string }[]>`
    SELECT reference->>'key' AS stored FROM caches
    WHERE pipeline_id = (SELECT pipeline_id FROM runs WHERE id = ${runId})
      AND name = ${name} AND version = ${version} AND scope = ${scope} AND key = ${key}`;
  return row?.stored === reference.key;
}

/** Counts that a cache was looked for, and notes the entry that was found: the one hit longest ago goes first. */
export async function countCacheUse(database: Database, use: CacheName & { found: string | null }): Promise<void> {
  const { runId, name, found } = use;
  const [hits, misses] = found === null ? [0, 1] : [1, 0];
  await database.begin(async (transaction) => {
    if (found !== null) await transaction`UPDATE caches SET last_hit_at = now(), hits = hits + 1 WHERE id = ${found}`;
    await transaction`
      INSERT INTO cache_days (pipeline_id, workspace_id, name, day, hits, misses)
      SELECT pipeline_id, workspace_id, ${name}, date_trunc('day', now(), 'UTC'), ${hits}, ${misses}
      FROM runs WHERE id = ${runId}
      ON CONFLICT (pipeline_id, name, day) DO UPDATE SET hits = cache_days.hits + excluded.hits,
        misses = cache_days.misses + excluded.misses`;
  });
}

/** Takes an entry out of the index: nobody finds it from now on. */
export async function forgetCache(database: Database, id: string): Promise<void> {
  await database`DELETE FROM caches WHERE id = ${id}`;
}

/**
 * Takes out what a workspace has beyond its limit, the entry that was found longest ago first (one that never was counts
 * from its making). Answers where their bytes are.
 */
export async function evictCaches(
  database: Database,
  of: { runId: string; limitBytes: number },
): Promise<CacheReference[]> {
  const rows = await database<{ reference: CacheReference }[]>`
    DELETE FROM caches WHERE id IN (
      SELECT id FROM (
        SELECT id, sum(bytes) OVER (ORDER BY coalesce(last_hit_at, created_at) DESC, id DESC) AS kept
        FROM caches WHERE workspace_id = (SELECT workspace_id FROM runs WHERE id = ${of.runId})
      ) AS newest
      WHERE kept > ${of.limitBytes})
    RETURNING reference`;
  return rows.map(({ reference }) => reference);
}

/** Which of these stored entries belong to nobody: they have no row, and the run that saved them is over or gone. */
export async function findStrayCaches(
  database: Database,
  stored: readonly { runId: string; key: string }[],
): Promise<string[]> {
  const rows = await database<{ key: string }[]>`
    SELECT stored.key
    FROM json_to_recordset(${asJson(database, stored)}) AS stored ("runId" text, key text)
    WHERE NOT EXISTS (SELECT FROM caches WHERE reference->>'key' = stored.key)
      AND NOT EXISTS (SELECT FROM runs WHERE runs.id::text = stored."runId" AND runs.ended_at IS NULL)`;
  return rows.map(({ key }) => key);
}
