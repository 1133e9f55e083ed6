import type { Retention } from '#core/leftovers.ts';
import type { Queryable } from '../client.ts';

/**
 * Runs of one number, which go together: a re-run stands on what earlier attempts left. All of them have ended, and so
 * have the runs that started them; nobody has a terminal in one.
 */
export interface DueRuns {
  scope: string;
  number: number;
  /** Of the last attempt. */
  label: string;
  workspaceId: string;
  /** Of the last one of them. */
  endedAt: string;
  /** What their logs and artifacts hold, as people are shown it: what two artifacts share counts for each. */
  bytes: number;
  /** What was passed: the days, or the bytes of all runs. */
  limit: 'age' | 'size';
}

/** A run stays for so long whatever its size: somebody is about to fetch what it made. */
const AT_LEAST_MS = 3_600_000;

/** Runs that ended longer ago than they are kept, the oldest first. */
export async function listRunsPastDays(queryable: Queryable, { days }: Retention, limit: number): Promise<DueRuns[]> {
  return queryable<DueRuns[]>`
    SELECT due.*, 'age' AS "limit", ${sumBytes(queryable)} AS bytes FROM (
      SELECT runs.scope, runs.number, max(runs.label) AS label, runs.workspace_id, max(runs.ended_at) AS ended_at
      FROM runs JOIN workspaces ON workspaces.id = runs.workspace_id
      WHERE runs.expired_at IS NULL AND runs.ended_at < now() - coalesce(workspaces.retention_days, ${days}) * interval '1 day'
        -- For the index: of all workspaces the one that keeps its runs the shortest.
        AND runs.ended_at < now() - (SELECT min(coalesce(retention_days, ${days})) FROM workspaces) * interval '1 day'
        AND NOT EXISTS (
          SELECT FROM runs AS other WHERE other.scope = runs.scope AND other.number = runs.number
            AND (other.status_kind <> 'ended'
              OR other.ended_at >= now() - coalesce(workspaces.retention_days, ${days}) * interval '1 day'))
        AND ${isUnused(queryable)}
      GROUP BY runs.scope, runs.number, runs.workspace_id ORDER BY max(runs.ended_at) LIMIT ${limit}
    ) AS due ORDER BY due.ended_at`;
}

/** The runs that ended longest ago beyond the bytes that all may hold, the oldest first. */
export async function listRunsPastBytes(queryable: Queryable, { bytes }: Retention, limit: number): Promise<DueRuns[]> {
  if (bytes === null) return [];
  return queryable<DueRuns[]>`
    SELECT scope, number, label, workspace_id, ended_at, bytes, 'size' AS "limit" FROM (
      SELECT due.*, sum(due.bytes) OVER (ORDER BY is_over, ended_at DESC, scope, number) AS kept FROM (
        SELECT due.*, ${sumBytes(queryable)} AS bytes FROM (
          SELECT scope, number, max(label) AS label, workspace_id, max(ended_at) AS ended_at,
            bool_and(status_kind = 'ended') AS is_over
          FROM runs WHERE expired_at IS NULL GROUP BY scope, number, workspace_id
        ) AS due
      ) AS due
    ) AS runs
    WHERE is_over AND kept > ${bytes} AND bytes > 0 AND ended_at < now() - ${AT_LEAST_MS} * interval '1 millisecond'
      AND ${isUnused(queryable)}
    ORDER BY ended_at LIMIT ${limit}`;
}

/** Of `due`: its artifacts each once, however often they were carried over. */
function sumBytes(sql: Queryable) {
  return sql`(
    SELECT (coalesce(sum(kept.log_bytes), 0) + coalesce(sum(kept.artifact_bytes), 0))::bigint FROM runs AS attempt
      CROSS JOIN LATERAL (
        SELECT (SELECT sum(log_bytes) FROM attempts WHERE attempts.run_id = attempt.id) AS log_bytes,
          (SELECT sum(bytes) FROM artifacts WHERE artifacts.run_id = attempt.id AND removed_at IS NULL
            AND artifacts.reference->>'runId' = attempt.id::text) AS artifact_bytes
      ) AS kept
    WHERE attempt.scope = due.scope AND attempt.number = due.number AND attempt.expired_at IS NULL)`;
}

/** Of `runs`: no run that is open started one of them, and nobody looks around in what one has left. */
export function isUnused(sql: Queryable) {
  return sql`NOT EXISTS (
    SELECT FROM runs AS child JOIN runs AS parent ON parent.id = child.parent_run
    WHERE child.scope = runs.scope AND child.number = runs.number AND parent.status_kind <> 'ended'
  ) AND NOT EXISTS (
    SELECT FROM shells JOIN runs AS held ON held.id = shells.run_id
    WHERE held.scope = runs.scope AND held.number = runs.number AND shells.state <> 'ended')`;
}
