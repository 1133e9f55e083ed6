import type { Queryable } from '../client.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';
import { selectRuns, type RunWithNames } from './find-run.ts';
import { newestRuns } from './newest-runs.ts';
import { selectPipelines, type PipelineWithNames } from './pipelines.ts';

/** Pipelines whose name holds the text, those that begin with it first. */
export function searchPipelines(scoped: Scoped, text: string, limit: number): Promise<PipelineWithNames[]> {
  return scoped<PipelineWithNames[]>`
    ${selectPipelines(scoped)}
    WHERE pipelines.deleted_at IS NULL AND ${inWorkspaces(scoped, 'pipelines.workspace_id')}
      AND strpos(lower(pipelines.name), lower(${text})) > 0
    ORDER BY strpos(lower(pipelines.name), lower(${text})), pipelines.name LIMIT ${limit}`;
}

/** Runs of a number, newest first; with `pipeline` those alone whose pipeline's name holds it. */
export function searchRuns(
  scoped: Scoped,
  number: number,
  pipeline: string | null,
  limit: number,
): Promise<RunWithNames[]> {
  const conditions = scoped`AND runs.number = ${number}`;
  const places =
    pipeline === null
      ? {}
      : {
          places: {
            column: 'pipeline_id' as const,
            select: scoped`
              SELECT id FROM pipelines
              WHERE ${inWorkspaces(scoped)} AND strpos(lower(name), lower(${pipeline})) > 0`,
          },
        };
  return scoped<RunWithNames[]>`
    ${selectRuns(scoped, newestRuns(scoped, { ...places, conditions, limit }))} ORDER BY runs.id DESC`;
}

/** Somebody in an organization, or a team of it. */
export interface FoundPrincipal {
  kind: 'person' | 'team';
  id: string;
  name: string;
  organization: string;
}

/** People (by either of their names) and teams of the organizations whose name holds the text, best first. */
export function searchPeople(
  queryable: Queryable,
  organizationIds: readonly string[],
  text: string,
  limit: number,
): Promise<FoundPrincipal[]> {
  const isThere = queryable`organizations.id::text IN ${queryable(['', ...organizationIds])}`;
  return queryable<FoundPrincipal[]>`
    SELECT found.kind, found.id, found.name, found.organization FROM (
      SELECT 'person' AS kind, members.id, users.name, organizations.name AS organization,
        least(nullif(strpos(lower(users.name), lower(${text})), 0),
          nullif(strpos(lower(users.display_name), lower(${text})), 0)) AS at
      FROM organization_members members JOIN users ON users.id = members.user_id
        JOIN organizations ON organizations.id = members.organization_id
      WHERE ${isThere}
      UNION ALL
      SELECT 'team', teams.id, teams.name, organizations.name, nullif(strpos(lower(teams.name), lower(${text})), 0)
      FROM teams JOIN organizations ON organizations.id = teams.organization_id
      WHERE ${isThere}
    ) AS found
    WHERE found.at IS NOT NULL ORDER BY found.at, found.name, found.kind LIMIT ${limit}`;
}
