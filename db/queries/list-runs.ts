import { isId } from '../id.ts';
import type { RunRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { selectRuns, type RunWithNames } from './find-run.ts';

/** Which runs. Null is no limit. */
export interface RunFilter {
  workspace: string | null;
  /** Id or name. */
  pipeline: string | null;
  status: RunRow['statusKind'] | null;
  ending: RunRow['ending'];
  branch: string | null;
  /** Actor id: `user:ann`. */
  startedBy: string | null;
  number: number | null;
}

/** Where a page begins: ids are UUIDv7, so their order is that of acceptance. */
export interface RunKeyset {
  direction: 'older' | 'newer';
  id: string;
}

/** Newest first, one more than `limit` when there are more in the direction asked for. */
export async function listRuns(
  scoped: Scoped,
  filter: RunFilter,
  from: RunKeyset | null,
  limit: number,
): Promise<RunWithNames[]> {
  const isBackward = from?.direction === 'newer';
  // Only the conditions that are asked for stand in the text: a plan made for all of them at once would read every run
  // in front of a late page.
  const none = scoped``;
  const rows = await scoped<RunWithNames[]>`
    ${selectRuns(scoped)}
    WHERE ${inWorkspaces(scoped, 'runs.workspace_id')}
      ${filter.workspace === null ? none : scoped`AND runs.workspace_id IN (${selectWorkspace(scoped, filter.workspace)})`}
      ${filter.pipeline === null ? none : scoped`AND runs.pipeline_id IN (${selectPipelines(scoped, filter.pipeline)})`}
      ${filter.status === null ? none : scoped`AND runs.status_kind = ${filter.status}`}
      ${filter.ending === null ? none : scoped`AND runs.ending = ${filter.ending}`}
      ${filter.branch === null ? none : scoped`AND runs.branch = ${filter.branch}`}
      ${filter.startedBy === null ? none : scoped`AND runs.started_by = ${filter.startedBy}`}
      ${filter.number === null ? none : scoped`AND runs.number = ${filter.number}`}
      ${from === null ? none : isBackward ? scoped`AND runs.id > ${from.id}` : scoped`AND runs.id < ${from.id}`}
    ORDER BY runs.id ${isBackward ? scoped`ASC` : scoped`DESC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
}

function selectWorkspace(scoped: Scoped, name: string) {
  return scoped`
    SELECT workspaces.id FROM workspaces JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE organizations.name || '/' || workspaces.name = ${name}`;
}

function selectPipelines(scoped: Scoped, nameOrId: string) {
  return isId(nameOrId)
    ? scoped`${nameOrId}::uuid`
    : scoped`SELECT id FROM pipelines WHERE name = ${nameOrId} AND ${inWorkspaces(scoped)}`;
}
