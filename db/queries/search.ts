import { inWorkspaces, type Scoped } from '../scope.ts';
import { selectRuns, type RunWithNames } from './find-run.ts';
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
  return scoped<RunWithNames[]>`
    ${selectRuns(scoped)}
    WHERE runs.number = ${number} AND ${inWorkspaces(scoped, 'runs.workspace_id')}
      ${pipeline === null ? scoped`` : scoped`AND strpos(lower(pipelines.name), lower(${pipeline})) > 0`}
    ORDER BY runs.id DESC LIMIT ${limit}`;
}
