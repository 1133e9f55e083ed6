import type { PendingQuery, Row } from 'postgres';
import type { Scoped } from '../scope.ts';

/** A piece of a statement. */
type Piece = PendingQuery<Row[]>;

export interface Standing {
  columns: Piece;
  /** `AND …` about `runs`. */
  conditions?: Piece;
  isOldest?: boolean;
  /** What the table of pipelines is called around it. */
  place?: string;
}

/**
 * The newest run that tells how a pipeline stands, or the oldest: of its default branch; where nobody said which one that
 * is (a pipeline kept on the server, a folder without a remote), of any. One row or none, for `LATERAL`. Two looks of which
 * one is taken: with both conditions in one, joined by OR, neither would find its index.
 */
export function pickStanding(
  scoped: Scoped,
  { columns, conditions, isOldest = false, place = 'place' }: Standing,
): Piece {
  const defaultBranch = scoped(`${place}.default_branch`);
  const look = (which: Piece) => scoped`(
    SELECT ${columns} FROM runs WHERE runs.pipeline_id = ${scoped(`${place}.id`)} AND ${which} ${conditions ?? scoped``}
    ORDER BY runs.id ${isOldest ? scoped`ASC` : scoped`DESC`} LIMIT 1)`;
  return scoped`${look(scoped`${defaultBranch} IS NULL`)} UNION ALL ${look(scoped`runs.branch = ${defaultBranch}`)}`;
}
