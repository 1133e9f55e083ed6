import type { RunMark } from '#core/rest-pipelines.ts';
import type { RunRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { selectPipelines, type PipelineWithNames } from './pipelines.ts';

/** Which pipelines. Null is no limit. */
export interface PipelineFilter {
  /** `org/ws` */
  workspace: string | null;
  /** Part of the name. */
  name: string | null;
  origin: PipelineWithNames['origin'] | null;
  enabled: boolean | null;
}

/** Newest first, one more than `limit` when there are more in the direction asked for. */
export async function listPipelines(
  scoped: Scoped,
  filter: PipelineFilter,
  from: { direction: 'older' | 'newer'; id: string } | null,
  limit: number,
): Promise<PipelineWithNames[]> {
  const isBackward = from?.direction === 'newer';
  const none = scoped``;
  const rows = await scoped<PipelineWithNames[]>`
    ${selectPipelines(scoped)}
    WHERE pipelines.deleted_at IS NULL AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}
      ${filter.workspace === null ? none : scoped`AND organizations.name || '/' || workspaces.name = ${filter.workspace}`}
      ${filter.name === null ? none : scoped`AND strpos(lower(pipelines.name), lower(${filter.name})) > 0`}
      ${filter.origin === null ? none : scoped`AND pipelines.origin = ${filter.origin}`}
      ${filter.enabled === null ? none : scoped`AND pipelines.enabled = ${filter.enabled}`}
      ${from === null ? none : isBackward ? scoped`AND pipelines.id > ${from.id}` : scoped`AND pipelines.id < ${from.id}`}
    ORDER BY pipelines.id ${isBackward ? scoped`ASC` : scoped`DESC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
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
