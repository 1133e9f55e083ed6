import type { QuotaKind } from '#core/rest-workspaces.ts';
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

/** All kinds, in one order. Days and months are UTC. */
export async function listQuotas(scoped: Scoped, workspaceId: string): Promise<QuotaRow[]> {
  return scoped<QuotaRow[]>`
    WITH usage AS (
      SELECT 1 AS place, 'stages-at-once' AS kind, (
          SELECT count(*) FROM runs JOIN stages ON stages.run_id = runs.id
          WHERE runs.workspace_id = ${workspaceId} AND runs.status_kind <> 'ended' AND stages.kind = 'stage'
            AND stages.status_kind = 'running' AND ${inWorkspaces(scoped, 'runs.workspace_id')}
        ) AS used, NULL::timestamptz AS resets_at, (
          SELECT count(*) FROM slots
          WHERE workspace_id = ${workspaceId} AND taken_at IS NULL AND ${inWorkspaces(scoped)}
        ) AS waiting
      UNION ALL
      SELECT 2, 'runs-a-day', count(*), ${endOf(scoped, 'day')}, 0
      FROM runs WHERE workspace_id = ${workspaceId} AND created_at >= ${startOf(scoped, 'day')} AND ${inWorkspaces(scoped)}
      UNION ALL
      SELECT 3, 'minutes-a-month', coalesce(ceil(sum(extract(epoch FROM
          coalesce(ended_at, now()) - greatest(started_at, ${startOf(scoped, 'month')}))) / 60), 0)::bigint,
        ${endOf(scoped, 'month')}, 0
      FROM attempts
      WHERE workspace_id = ${workspaceId} AND started_at IS NOT NULL
        AND coalesce(ended_at, now()) >= ${startOf(scoped, 'month')} AND ${inWorkspaces(scoped)}
      UNION ALL
      SELECT 4, 'storage-bytes', coalesce(sum(bytes), 0)::bigint, NULL, 0
      FROM (
        SELECT bytes FROM artifacts WHERE workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)}
        UNION ALL
        SELECT bytes FROM caches WHERE workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)}
      ) AS stored
    )
    SELECT usage.kind, quotas.value, coalesce(quotas.version, 0) AS version, quotas.updated_by, quotas.updated_at,
      usage.used, usage.resets_at, usage.waiting
    FROM usage LEFT JOIN quotas ON quotas.kind = usage.kind AND quotas.workspace_id = ${workspaceId}
    ORDER BY usage.place`;
}

function startOf(scoped: Scoped, unit: 'day' | 'month') {
  return scoped`(date_trunc(${unit}, now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')`;
}

function endOf(scoped: Scoped, unit: 'day' | 'month') {
  return scoped`((date_trunc(${unit}, now() AT TIME ZONE 'UTC') + ${`1 ${unit}`}::interval) AT TIME ZONE 'UTC')`;
}

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
