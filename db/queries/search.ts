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
