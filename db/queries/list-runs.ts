import type { Queryable } from '../client.ts';
import type { RunRow } from '../rows.ts';
import type { RunWithNames } from './find-run.ts';

/** Which runs. Null is no limit. */
export interface RunFilter {
  workspace: string | null;
  /** Id or name. */
  pipeline: string | null;
  status: RunRow['statusKind'] | null;
  ending: RunRow['ending'];
}

/** Where a page begins: ids are UUIDv7, so their order is that of acceptance. */
export interface RunKeyset {
  direction: 'older' | 'newer';
  id: string;
}

/** Newest first, one more than `limit` when there are more in the direction asked for. */
export async function listRuns(
  queryable: Queryable,
  filter: RunFilter,
  from: RunKeyset | null,
  limit: number,
): Promise<RunWithNames[]> {
  const isBackward = from?.direction === 'newer';
  const older = from?.direction === 'older' ? from.id : null;
  const newer = isBackward ? from.id : null;
  const rows = await queryable<RunWithNames[]>`
    SELECT runs.*, organizations.name || '/' || workspaces.name AS workspace, pipelines.name AS pipeline_name,
      pipelines.path AS pipeline_path
    FROM runs JOIN pipelines ON pipelines.id = runs.pipeline_id JOIN workspaces ON workspaces.id = runs.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE (${filter.workspace}::text IS NULL OR organizations.name || '/' || workspaces.name = ${filter.workspace})
      AND (${filter.pipeline}::text IS NULL OR pipelines.name = ${filter.pipeline}
        OR pipelines.id::text = ${filter.pipeline})
      AND (${filter.status}::status_kind IS NULL OR runs.status_kind = ${filter.status}::status_kind)
      AND (${filter.ending}::ending IS NULL OR runs.ending = ${filter.ending}::ending)
      AND (${older}::uuid IS NULL OR runs.id < ${older}::uuid)
      AND (${newer}::uuid IS NULL OR runs.id > ${newer}::uuid)
    ORDER BY runs.id ${isBackward ? queryable`ASC` : queryable`DESC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
}
