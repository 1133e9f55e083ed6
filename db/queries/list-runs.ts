import { isId } from '../id.ts';
import type { RunRow } from '../rows.ts';
import { inWorkspaces, isAmong, type Scoped } from '../scope.ts';
import { selectRuns, type RunWithNames } from './find-run.ts';
import { newestRuns, type NewestRuns } from './newest-runs.ts';
import { hasRepository } from './pipelines.ts';

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
  /** Of the commit, by name or e-mail address in any case; or who started it, as `ann` or `user:ann`. */
  author?: string | null;
  /** Of the pipeline: the whole name, or an end of it behind a `/`. */
  repository?: string | null;
  number: number | null;
  /** None of these; nothing where it is missing. */
  not?: RunExclusion;
}

/** What a run must not be. */
export interface RunExclusion {
  states?: readonly (RunRow['statusKind'] | NonNullable<RunRow['ending']>)[];
  branches?: readonly string[];
  /** Actor ids. */
  startedBy?: readonly string[];
  authors?: readonly string[];
  /** Ids or names. */
  pipelines?: readonly string[];
  repositories?: readonly string[];
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
  const conditions = scoped`
    ${narrow(scoped, filter)}
    ${from === null ? none : isBackward ? scoped`AND runs.id > ${from.id}` : scoped`AND runs.id < ${from.id}`}`;
  const runs = newestRuns(scoped, { places: choosePlaces(scoped, filter), conditions, isBackward, limit: limit + 1 });
  const rows = await scoped<RunWithNames[]>`
    ${selectRuns(scoped, runs)} ORDER BY runs.id ${isBackward ? scoped`ASC` : scoped`DESC`}`;
  return isBackward ? rows.toReversed() : rows;
}

/** Runs that the filter lets through, counted no further than one above `most`. */
export async function countRuns(scoped: Scoped, filter: RunFilter, most: number): Promise<number> {
  const { column, select } = choosePlaces(scoped, filter);
  const [row] = await scoped<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM runs WHERE ${scoped(`runs.${column}`)} IN (${select}) ${narrow(scoped, filter)} LIMIT ${most + 1}
    ) AS counted`;
  return row?.count ?? 0;
}

/** Of a filter, all but the place. */
function narrow(scoped: Scoped, filter: RunFilter) {
  const none = scoped``;
  const {
    states = [],
    branches = [],
    startedBy = [],
    authors = [],
    pipelines = [],
    repositories = [],
  } = filter.not ?? {};
  return scoped`
    ${filter.status === null ? none : filter.status === 'ended' ? scoped`AND runs.status_kind = 'ended'` : scoped`AND runs.state = ${filter.status}`}
    ${filter.ending === null ? none : scoped`AND runs.state = ${filter.ending}`}
    ${filter.branch === null ? none : scoped`AND runs.branch = ${filter.branch}`}
    ${filter.startedBy === null ? none : scoped`AND runs.started_by = ${filter.startedBy}`}
    ${filter.author ? scoped`AND ${isBy(scoped, filter.author)}` : none}
    ${filter.repository ? scoped`AND ${isOfRepository(scoped, filter.repository)}` : none}
    ${repositories.length === 0 ? none : repositories.map((one) => scoped`AND NOT ${isOfRepository(scoped, one)}`)}
    ${filter.number === null ? none : scoped`AND runs.number = ${filter.number}`}
    ${states.length === 0 ? none : scoped`AND runs.state NOT IN ${scoped(states)}`}
    ${states.includes('ended') ? scoped`AND runs.status_kind <> 'ended'` : none}
    ${branches.length === 0 ? none : scoped`AND coalesce(runs.branch, '') NOT IN ${scoped(branches)}`}
    ${startedBy.length === 0 ? none : scoped`AND runs.started_by NOT IN ${scoped(startedBy)}`}
    ${authors.length === 0 ? none : authors.map((author) => scoped`AND NOT ${isBy(scoped, author)}`)}
    ${
      pipelines.length === 0
        ? none
        : scoped`AND runs.pipeline_id NOT IN (
            SELECT id FROM pipelines
            WHERE ${inWorkspaces(scoped)} AND (name IN ${scoped(pipelines)} OR id::text IN ${scoped(pipelines)}))`
    }`;
}

/** As the page judges it for itself (core/commit.ts, isAuthor). Never null, as a run may have no commit. */
function isBy(scoped: Scoped, text: string) {
  const author = scoped`lower(coalesce(runs.git ->> 'author', ''))`;
  const wanted = scoped`lower(${text})`;
  return scoped`(runs.started_by IN (${text}, ${`user:${text}`}) OR ${author} = ${wanted}
    OR starts_with(${author}, ${wanted} || ' <') OR right(${author}, length(${wanted}) + 2) = '<' || ${wanted} || '>')`;
}

function isOfRepository(scoped: Scoped, name: string) {
  return scoped`runs.pipeline_id IN (
    SELECT id FROM pipelines WHERE ${inWorkspaces(scoped)} AND ${hasRepository(scoped, name)})`;
}

/** The pipelines that are asked for, else the workspaces. */
function choosePlaces(scoped: Scoped, { workspace, pipeline }: RunFilter): NonNullable<NewestRuns['places']> {
  const column = pipeline === null ? 'workspace_id' : 'pipeline_id';
  const ofWorkspace = scoped(pipeline === null ? 'id' : 'workspace_id');
  const named =
    pipeline === null ? scoped`` : isId(pipeline) ? scoped`AND id = ${pipeline}` : scoped`AND name = ${pipeline}`;
  const inOne =
    workspace === null
      ? scoped``
      : scoped`AND ${ofWorkspace} IN (
          SELECT workspaces.id FROM workspaces JOIN organizations ON organizations.id = workspaces.organization_id
          WHERE organizations.name || '/' || workspaces.name = ${workspace})`;
  return {
    column,
    select:
      pipeline === null
        ? scoped`SELECT id FROM workspaces WHERE ${inWorkspaces(scoped, 'id')} ${inOne}`
        : scoped`SELECT id FROM pipelines WHERE ${inWorkspaces(scoped)} ${named} ${inOne}`,
  };
}

/** Runs by their ids, in any order. */
export function listRunsById(scoped: Scoped, ids: readonly string[]): Promise<RunWithNames[]> {
  return scoped<RunWithNames[]>`
    ${selectRuns(scoped)} WHERE ${isAmong(scoped, 'runs.id', ids)} AND ${inWorkspaces(scoped, 'runs.workspace_id')}`;
}
