import type { RunMark } from '#core/rest-pipelines.ts';
import type { RunRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { pickStanding } from './default-branch.ts';
import { pageFrom, type Keyset } from './keyset.ts';
import { hasRepository, selectPipelines, type PipelineWithNames } from './pipelines.ts';

/** What a list of pipelines is sorted by; without any the newest come first. */
export const PIPELINE_SORTS = ['name', 'last-run', 'median', 'pass-rate'] as const;
export type PipelineSort = (typeof PIPELINE_SORTS)[number];

/** How a run stands, as `runs.state` has it. */
type RunState = RunRow['statusKind'] | NonNullable<RunRow['ending']>;

/** Which pipelines, and in which order. Null is no limit. */
export interface PipelineFilter {
  /** `org/ws` */
  workspace: string | null;
  /** Part of the name. */
  name: string | null;
  origin: PipelineWithNames['origin'] | null;
  enabled: boolean | null;
  /** The whole name, or an end of it behind a `/`. */
  repository?: string | null;
  notRepositories?: readonly string[];
  /** Of the run that tells how it stands ({@link pickStanding}); an empty list forbids nothing. */
  standing?: { state: RunState | null; notStates: RunState[] };
  /** Of the last run. */
  last?: { branch: string | null; notBranches: string[] };
  /** The last run of its default branch that has ended did not succeed. */
  needsAttention?: boolean;
  sort?: { by: PipelineSort; isDescending: boolean } | null;
  /** Names that come before all others. */
  first?: readonly string[];
}

/**
 * In the order of the filter, one more than `limit` when there are more in the direction asked for. Null when a place in
 * an order of its own is that of a pipeline which is no longer in the list: newest first a place outlives its pipeline.
 */
export async function listPipelines(
  scoped: Scoped,
  filter: PipelineFilter,
  from: Keyset | null,
  limit: number,
): Promise<PipelineWithNames[] | null> {
  const { sort = null, first = [] } = filter;
  if (sort === null && first.length === 0) {
    return scoped<PipelineWithNames[]>`
      SELECT named.* FROM (
        SELECT pipelines.id ${fromMatching(scoped, filter)} ${pageFrom(scoped, 'pipelines.id', from, limit)}
      ) AS page JOIN (${selectPipelines(scoped)}) AS named ON named.id = page.id ORDER BY page.id DESC`;
  }
  const isBackward = from?.direction === 'newer';
  const edge =
    from === null
      ? scoped``
      : scoped`WHERE place ${isBackward ? scoped`<` : scoped`>`} (SELECT place FROM ranked WHERE id = ${from.id})`;
  const rows = await scoped<PipelineWithNames[]>`
    WITH ranked AS MATERIALIZED (${rankPipelines(scoped, filter)}),
      page AS (SELECT * FROM ranked ${edge} ORDER BY place ${isBackward ? scoped`DESC` : scoped`ASC`} LIMIT ${limit + 1})
    SELECT named.* FROM page JOIN (${selectPipelines(scoped)}) AS named ON named.id = page.id ORDER BY page.place`;
  if (from === null || rows.length > 0) return rows;
  const [still] = await scoped`SELECT pipelines.id ${fromMatching(scoped, filter)} AND pipelines.id = ${from.id}`;
  return still ? rows : null;
}

/** Pipelines that the filter lets through. */
export async function countPipelines(scoped: Scoped, filter: PipelineFilter): Promise<number> {
  const [row] = await scoped<{ count: number }[]>`
    SELECT count(*)::int AS count ${fromMatching(scoped, { ...filter, sort: null })}`;
  return row?.count ?? 0;
}

/** Ids with their places. */
function rankPipelines(scoped: Scoped, filter: PipelineFilter) {
  const { sort = null, first = [] } = filter;
  const none = scoped``;
  return scoped`
    SELECT pipelines.id, row_number() OVER (
      ORDER BY ${first.length === 0 ? none : scoped`pipelines.name IN ${scoped(first)} DESC,`}
        ${sort === null ? none : scoped`${sortBy(scoped, sort.by)} ${sort.isDescending ? scoped`DESC` : scoped`ASC`} NULLS LAST,`}
        pipelines.id DESC
    ) AS place ${fromMatching(scoped, filter)}`;
}

/** What runs say of a pipeline is looked up only where something depends on it. */
function fromMatching(scoped: Scoped, filter: PipelineFilter) {
  const { standing, last, needsAttention = false, sort = null, notRepositories = [] } = filter;
  const none = scoped``;
  const hasLast = sort?.by === 'last-run' || last !== undefined;
  const hasRecent = sort?.by === 'median' || sort?.by === 'pass-rate';
  const state = scoped`coalesce(standing.state, '')`;
  const branch = scoped`coalesce(last.branch, '')`;
  return scoped`
    FROM pipelines JOIN workspaces ON workspaces.id = pipelines.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
      ${hasLast ? joinLast(scoped) : none} ${hasRecent ? joinRecent(scoped) : none}
      ${standing ? joinStanding(scoped) : none} ${needsAttention ? joinBroken(scoped) : none}
    WHERE pipelines.deleted_at IS NULL AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}
      ${filter.workspace === null ? none : scoped`AND organizations.name || '/' || workspaces.name = ${filter.workspace}`}
      ${filter.name === null ? none : scoped`AND strpos(lower(pipelines.name), lower(${filter.name})) > 0`}
      ${filter.repository ? scoped`AND ${hasRepository(scoped, filter.repository)}` : none}
      ${notRepositories.length === 0 ? none : notRepositories.map((name) => scoped`AND NOT ${hasRepository(scoped, name)}`)}
      ${filter.origin === null ? none : scoped`AND pipelines.origin = ${filter.origin}`}
      ${filter.enabled === null ? none : scoped`AND pipelines.enabled = ${filter.enabled}`}
      ${standing?.state ? (standing.state === 'ended' ? scoped`AND standing.status_kind = 'ended'` : scoped`AND ${state} = ${standing.state}`) : none}
      ${standing && standing.notStates.length > 0 ? scoped`AND ${state} NOT IN ${scoped(standing.notStates)}` : none}
      ${standing?.notStates.includes('ended') ? scoped`AND standing.status_kind IS DISTINCT FROM 'ended'` : none}
      ${last?.branch ? scoped`AND ${branch} = ${last.branch}` : none}
      ${last && last.notBranches.length > 0 ? scoped`AND ${branch} NOT IN ${scoped(last.notBranches)}` : none}`;
}

function sortBy(scoped: Scoped, by: PipelineSort) {
  switch (by) {
    case 'name':
      return scoped`lower(pipelines.name)`;
    case 'last-run':
      return scoped`last.id`;
    case 'median':
      return scoped`recent.median`;
    case 'pass-rate':
      return scoped`recent.pass_rate`;
    default:
      return by satisfies never;
  }
}

function joinLast(scoped: Scoped) {
  return scoped`
    LEFT JOIN LATERAL (
      SELECT id, branch FROM runs WHERE runs.pipeline_id = pipelines.id
      ORDER BY runs.id DESC LIMIT 1
    ) AS last ON true`;
}

/** The same figures that a list makes of {@link listRecentRuns}: cancelled and rejected runs count neither way (UI §4.15). */
function joinRecent(scoped: Scoped) {
  return scoped`
    LEFT JOIN LATERAL (
      SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ended_at - started_at)
          FILTER (WHERE status_kind = 'ended' AND started_at IS NOT NULL) AS median,
        count(*) FILTER (WHERE state IN ('passed', 'soft-failed'))::float8
          / nullif(count(*) FILTER (WHERE state IN ('passed', 'soft-failed', 'failed', 'errored', 'timed-out')), 0) AS pass_rate
      FROM (
        SELECT state, status_kind, started_at, ended_at FROM runs WHERE runs.pipeline_id = pipelines.id
        ORDER BY runs.id DESC LIMIT ${RECENT}
      ) AS newest
    ) AS recent ON true`;
}

function joinStanding(scoped: Scoped) {
  const columns = scoped`state, status_kind`;
  return scoped`LEFT JOIN LATERAL (${pickStanding(scoped, { columns, place: 'pipelines' })}) AS standing ON true`;
}

/** Leaves those whose default branch does not stand well; a rejection asks for attention though nothing is broken. */
function joinBroken(scoped: Scoped) {
  const [columns, conditions] = [scoped`state`, scoped`AND runs.status_kind = 'ended'`];
  return scoped`
    JOIN LATERAL (${pickStanding(scoped, { columns, conditions, place: 'pipelines' })}) AS concluded
      ON concluded.state IN ('failed', 'errored', 'timed-out', 'rejected')`;
}

/** Bars that a list shows of a pipeline (UI §4.2). */
const RECENT = 30;

export type RecentRunRow = Pick<RunRow, 'pipelineId' | 'number' | 'attempt' | 'startedAt' | 'endedAt' | 'createdAt'> & {
  state: RunMark['state'];
};

/** The newest runs of each pipeline, newest first. */
export async function listRecentRuns(
  scoped: Scoped,
  pipelineIds: readonly string[],
): Promise<Map<string, RecentRunRow[]>> {
  if (pipelineIds.length === 0) return new Map();
  const rows = await scoped<RecentRunRow[]>`
    SELECT recent.* FROM pipelines CROSS JOIN LATERAL (
      SELECT pipeline_id, number, attempt, state, started_at, ended_at, created_at FROM runs
      WHERE runs.pipeline_id = pipelines.id ORDER BY runs.id DESC LIMIT ${RECENT}
    ) AS recent
    WHERE pipelines.id IN ${scoped([...pipelineIds])} AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}`;
  return Map.groupBy(rows, (row) => row.pipelineId);
}

/** The newest run of each pipeline, found by one look into the index for each. */
export function listLastRuns(scoped: Scoped, pipelineIds: readonly string[]): Promise<RunRow[]> {
  if (pipelineIds.length === 0) return Promise.resolve([]);
  return scoped<RunRow[]>`
    SELECT last.* FROM pipelines CROSS JOIN LATERAL (
      SELECT * FROM runs WHERE runs.pipeline_id = pipelines.id
      ORDER BY runs.id DESC LIMIT 1
    ) AS last
    WHERE pipelines.id IN ${scoped([...pipelineIds])} AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}`;
}

/** The newest run that tells how each pipeline stands ({@link pickStanding}), whether it has ended or not. */
export function listStandingRuns(scoped: Scoped, pipelineIds: readonly string[]): Promise<RunRow[]> {
  if (pipelineIds.length === 0) return Promise.resolve([]);
  return scoped<RunRow[]>`
    SELECT standing.* FROM pipelines AS place CROSS JOIN LATERAL (${pickStanding(scoped, { columns: scoped`*` })}) AS standing
    WHERE place.id IN ${scoped([...pipelineIds])} AND ${inWorkspaces(scoped, 'place.workspace_id')}`;
}
