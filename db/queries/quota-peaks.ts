import type { QuotaKind } from '#core/rest-workspaces.ts';
import { idAt } from '../id.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

const DAY_MS = 86_400_000;
/** How far back is looked. */
const WINDOW_MS = 30 * DAY_MS;
/** With more runs or attempts than this the greatest is not looked for: it would take longer than a page. */
const MAX_ROWS = 200_000;

/** The greatest use within the last 30 days; null is not known, as of what nobody has counted day by day. */
export async function listQuotaPeaks(
  scoped: Scoped,
  workspaceId: string,
  most = MAX_ROWS,
): Promise<Partial<Record<QuotaKind, number | null>>> {
  const now = Date.now();
  const from = new Date(now - WINDOW_MS).toISOString();
  const here = scoped`workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)}`;
  const [row] = await scoped<{ busiest: number; runs: number; stages: number; attempts: number }[]>`
    WITH looked AS MATERIALIZED (
      SELECT started_at, ended_at FROM attempts WHERE started_at >= ${from} AND ${here} LIMIT ${most + 1}
    ), begun AS MATERIALIZED (
      SELECT created_at FROM runs WHERE id >= ${idAt(now - WINDOW_MS)} AND ${here} LIMIT ${most + 1}
    ), steps AS (
      SELECT started_at AS at, 1 AS step FROM looked
      UNION ALL
      SELECT ended_at, -1 FROM looked WHERE ended_at IS NOT NULL
    )
    SELECT
      (SELECT coalesce(max(day.count), 0)::int FROM (
        SELECT count(*) FROM begun GROUP BY date_trunc('day', created_at AT TIME ZONE 'UTC')) AS day) AS busiest,
      (SELECT count(*)::int FROM begun) AS runs,
      (SELECT coalesce(max(level), 0)::int
        FROM (SELECT sum(step) OVER (ORDER BY at, step) AS level FROM steps) AS levels) AS stages,
      (SELECT count(*)::int FROM looked) AS attempts`;
  if (!row) throw new Error('a query without a table answers a row');
  return {
    'runs-a-day': row.runs > most ? null : row.busiest,
    'stages-at-once': row.attempts > most ? null : row.stages,
  };
}

/** A stage that waits for a place of its workspace. */
export interface WaitingStage {
  runId: string;
  label: string;
  stage: string;
  askedAt: string;
}

/** In the order in which they get one. */
export async function listWaitingStages(scoped: Scoped, workspaceId: string, limit: number): Promise<WaitingStage[]> {
  return scoped<WaitingStage[]>`
    SELECT slots.run_id, runs.label, slots.stage, slots.asked_at FROM slots JOIN runs ON runs.id = slots.run_id
    WHERE slots.taken_at IS NULL AND slots.workspace_id = ${workspaceId} AND ${inWorkspaces(scoped, 'slots.workspace_id')}
    ORDER BY slots.priority, slots.asked_at LIMIT ${limit}`;
}
