import { inWorkspaces, isAmong, type Scoped } from '../scope.ts';
import { selectPipelines, type PipelineWithNames } from './pipelines.ts';

/** Where a reader of changes stands: all rows of transactions below it have been seen (0008_changes.sql). */
export interface ChangeKeyset {
  changedIn: number;
  /** Empty id: from the first row of that transaction on. */
  id: string;
}

export interface ChangedRow {
  id: string;
  changedIn: number;
}

/** The oldest transaction under way: everything below it is visible, or never will be. Read before the rows. */
export async function readHorizon(scoped: Scoped): Promise<number> {
  const [row] = await scoped<{ horizon: number }[]>`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon`;
  if (!row) throw new Error('a query without a table answers a row');
  return row.horizon;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Runs of a workspace that changed at or behind `from`, oldest change first. */
export function listChangedRuns(
  scoped: Scoped,
  workspaceId: string,
  from: ChangeKeyset,
  limit: number,
): Promise<ChangedRow[]> {
  return scoped<ChangedRow[]>`
    SELECT id, changed_in FROM runs
    WHERE workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)}
      AND changed_in >= ${from.changedIn} AND (changed_in, id) > (${from.changedIn}, ${from.id || FIRST_ID})
    ORDER BY changed_in, id LIMIT ${limit}`;
}

/** Pipelines of a workspace that changed at or behind `from`, themselves or by one of their runs. */
export function listChangedPipelines(
  scoped: Scoped,
  workspaceId: string,
  from: ChangeKeyset,
  limit: number,
): Promise<ChangedRow[]> {
  return scoped<ChangedRow[]>`
    SELECT id, max(changed_in)::bigint AS changed_in FROM (
      SELECT id, changed_in FROM pipelines
      WHERE workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)} AND changed_in >= ${from.changedIn}
      UNION ALL
      SELECT pipeline_id, changed_in FROM runs
      WHERE workspace_id = ${workspaceId} AND ${inWorkspaces(scoped)} AND changed_in >= ${from.changedIn}
    ) AS changes
    GROUP BY id HAVING (max(changed_in), id) > (${from.changedIn}, ${from.id || FIRST_ID})
    ORDER BY changed_in, id LIMIT ${limit}`;
}

/** Pipelines by their ids, in any order; deleted ones are left out. */
export function listPipelinesById(scoped: Scoped, ids: readonly string[]): Promise<PipelineWithNames[]> {
  return scoped<PipelineWithNames[]>`
    ${selectPipelines(scoped)}
    WHERE ${isAmong(scoped, 'pipelines.id', ids)} AND pipelines.deleted_at IS NULL
      AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}`;
}
