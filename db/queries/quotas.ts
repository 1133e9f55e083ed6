import type { QuotaKind } from '#core/rest-workspaces.ts';
import { idAt } from '../id.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** A quota of a workspace, set or not, and what is used of it. */
export interface QuotaRow {
  kind: QuotaKind;
  /** Null is no limit. */
  value: number | null;
  /** 0 when it was never set. */
  version: number;
  updatedBy: string | null;
  updatedAt: string | null;
  used: number;
  resetsAt: string | null;
  /** Stages that wait for a place. */
  waiting: number;
}

/**
 * All kinds, in one order. Days and months are UTC; a stage that began before the month counts from its first moment
 * on. With `limited` what has no limit is not counted: it costs nothing, and `used` is 0.
 */
export async function listQuotas(
  scoped: Scoped,
  workspaceId: string,
  counted: 'all' | 'limited' = 'all',
): Promise<QuotaRow[]> {
  const now = new Date();
  const day = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const nextMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
  const iso = (ms: number) => new Date(ms).toISOString();
  const isCounted = (kind: QuotaKind) =>
    counted === 'all'
      ? scoped`true`
      : scoped`EXISTS (SELECT FROM quotas WHERE workspace_id = ${workspaceId} AND kind = ${kind} AND value IS NOT NULL)`;
  const here = scoped`workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)}`;
  return scoped<QuotaRow[]>`
    WITH usage AS (
      SELECT 1 AS place, 'stages-at-once' AS kind, (
          SELECT count(*) FROM stages
          WHERE status_kind = 'running' AND kind = 'stage' AND ${here} AND ${isCounted('stages-at-once')}
        ) AS used, NULL::timestamptz AS resets_at,
        (SELECT count(*) FROM slots WHERE taken_at IS NULL AND ${here}) AS waiting
      UNION ALL
      SELECT 2, 'runs-a-day', count(*), ${iso(day + DAY_MS)}, 0
      FROM runs WHERE id >= ${idAt(day)} AND ${here} AND ${isCounted('runs-a-day')}
      UNION ALL
      SELECT 3, 'minutes-a-month', coalesce(ceil(sum(extract(epoch FROM
          coalesce(ended_at, now()) - greatest(started_at, ${iso(month)}))) / 60), 0)::bigint, ${iso(nextMonth)}, 0
      FROM attempts
      WHERE started_at >= ${iso(month - LONGEST_MS)} AND coalesce(ended_at, now()) >= ${iso(month)}
        AND ${here} AND ${isCounted('minutes-a-month')}
      UNION ALL
      SELECT 4, 'storage-bytes', coalesce(sum(bytes), 0)::bigint, NULL, 0
      FROM (
        SELECT bytes FROM artifacts WHERE ${here} AND ${isCounted('storage-bytes')}
        UNION ALL
        SELECT bytes FROM caches WHERE ${here} AND ${isCounted('storage-bytes')}
      ) AS stored
    )
    SELECT usage.kind, quotas.value, coalesce(quotas.version, 0) AS version, quotas.updated_by, quotas.updated_at,
      usage.used, usage.resets_at, usage.waiting
    FROM usage LEFT JOIN quotas ON quotas.kind = usage.kind AND quotas.workspace_id = ${workspaceId}
    ORDER BY usage.place`;
}

const DAY_MS = 86_400_000;
/** A stage that runs over the end of a month is looked for this far before it. */
const LONGEST_MS = 7 * DAY_MS;

/** Sets a quota that still has this version (0: none yet); false when it has another by now. */
export async function setQuota(
  scoped: Scoped,
  quota: { workspaceId: string; kind: QuotaKind; value: number | null; version: number; updatedBy: string },
): Promise<boolean> {
  const rows = await scoped`
    INSERT INTO quotas (workspace_id, kind, value, updated_by)
    VALUES (${quota.workspaceId}, ${quota.kind}, ${quota.value}, ${quota.updatedBy})
    ON CONFLICT (workspace_id, kind) DO UPDATE
      SET value = excluded.value, updated_by = excluded.updated_by, updated_at = now(), version = quotas.version + 1
      WHERE quotas.version = ${quota.version}
    RETURNING version`;
  return rows.length === 1;
}
