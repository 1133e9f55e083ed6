import type { CacheReference } from '#core/cache.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { type Keyset, newestFirst, pageFrom } from './keyset.ts';

/** An entry as people see it. */
export interface ListedCache {
  id: string;
  name: string;
  scope: string;
  key: string;
  files: number;
  bytes: number;
  hits: number;
  lastHitAt: string | null;
  createdAt: string;
  runId: string | null;
  stage: string;
  /** Of the cache of this name, in 30 days. */
  daysHits: number;
  daysMisses: number;
}

/** Entries of a pipeline, newest first, one more than `limit` when there are more. */
export async function listCaches(
  scoped: Scoped,
  pipelineId: string,
  from: Keyset | null,
  limit: number,
): Promise<ListedCache[]> {
  const rows = await scoped<ListedCache[]>`
    WITH days AS (
      SELECT name, sum(hits) AS hits, sum(misses) AS misses FROM cache_days
      WHERE pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped)} AND day > now() - interval '30 days'
      GROUP BY name
    )
    SELECT caches.id, caches.name, caches.scope, caches.key, caches.files, caches.bytes, caches.hits, caches.last_hit_at,
      caches.created_at, caches.run_id, caches.stage, coalesce(days.hits, 0)::bigint AS days_hits,
      coalesce(days.misses, 0)::bigint AS days_misses
    FROM caches LEFT JOIN days ON days.name = caches.name
    WHERE caches.pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped, 'caches.workspace_id')}
      ${pageFrom(scoped, 'caches.id', from, limit)}`;
  return newestFirst(rows, from);
}

/** Takes one entry of a pipeline out of the index, or all of them; answers where their bytes are. */
export async function deleteCaches(
  scoped: Scoped,
  pipelineId: string,
  id: string | null,
): Promise<{ key: string; scope: string; bytes: number; reference: CacheReference }[]> {
  return scoped<{ key: string; scope: string; bytes: number; reference: CacheReference }[]>`
    DELETE FROM caches
    WHERE pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped)} ${id === null ? scoped`` : scoped`AND id = ${id}`}
    RETURNING key, scope, bytes, reference`;
}
