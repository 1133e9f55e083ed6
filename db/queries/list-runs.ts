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
  // Only the conditions that are asked for stand in the text: a plan made for all of them at once would read every run
  // in front of a late page.
  const none = queryable``;
  const rows = await queryable<RunWithNames[]>`
    SELECT runs.*, organizations.name || '/' || workspaces.name AS workspace, pipelines.name AS pipeline_name,
      pipelines.path AS pipeline_path
    FROM runs JOIN pipelines ON pipelines.id = runs.pipeline_id JOIN workspaces ON workspaces.id = runs.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE true
      ${filter.workspace === null ? none : queryable`AND runs.workspace_id IN (${selectWorkspace(queryable, filter.workspace)})`}
      ${filter.pipeline === null ? none : queryable`AND runs.pipeline_id IN (${selectPipelines(queryable, filter.pipeline)})`}
      ${filter.status === null ? none : queryable`AND runs.status_kind = ${filter.status}`}
      ${filter.ending === null ? none : queryable`AND runs.ending = ${filter.ending}`}
      ${from === null ? none : isBackward ? queryable`AND runs.id > ${from.id}` : queryable`AND runs.id < ${from.id}`}
    ORDER BY runs.id ${isBackward ? queryable`ASC` : queryable`DESC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
}

function selectWorkspace(queryable: Queryable, name: string) {
  return queryable`
    SELECT workspaces.id FROM workspaces JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE organizations.name || '/' || workspaces.name = ${name}`;
}

function selectPipelines(queryable: Queryable, nameOrId: string) {
  return queryable`SELECT id FROM pipelines WHERE name = ${nameOrId} OR id::text = ${nameOrId}`;
}
