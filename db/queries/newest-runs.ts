import type { PendingQuery, Row } from 'postgres';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** A piece of a statement. */
type Piece = PendingQuery<Row[]>;

export interface NewestRuns {
  /** Where runs are looked for: ids of workspaces by default, or of pipelines. */
  places?: { column: 'workspace_id' | 'pipeline_id'; select: Piece };
  /** `AND …` about `runs`. */
  conditions?: Piece;
  /** Oldest first: the way back in a list. */
  isBackward?: boolean;
  limit: number;
}

/**
 * The newest runs of all places together, as a table `runs`: of each place its newest, found by one look into an index
 * that begins with the place and ends with the id, then the newest of those. Asked for all places at once Postgres reads
 * every run of theirs and sorts, because it cannot know how many the policy of the table lets through.
 */
export function newestRuns(scoped: Scoped, { places, conditions, isBackward = false, limit }: NewestRuns): Piece {
  const { column, select } = places ?? {
    column: 'workspace_id',
    select: scoped`SELECT id FROM workspaces WHERE ${inWorkspaces(scoped, 'id')}`,
  };
  const order = isBackward ? scoped`ASC` : scoped`DESC`;
  return scoped`(
    SELECT found.* FROM (${select}) AS place CROSS JOIN LATERAL (
      SELECT * FROM runs WHERE ${scoped(`runs.${column}`)} = place.id ${conditions ?? scoped``}
      ORDER BY runs.id ${order} LIMIT ${limit}
    ) AS found ORDER BY found.id ${order} LIMIT ${limit}
  ) AS runs`;
}
