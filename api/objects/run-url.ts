import { numberLabel } from '#core/ids.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';

/**
 * Address of the run's page below that of the server (UI §4.4). Names of local pipelines are not unique, and a number
 * alone is its last attempt.
 */
export function urlOfRun(
  row: Pick<
    RunWithNames,
    'workspace' | 'pipelineId' | 'pipelineName' | 'pipelineVersion' | 'number' | 'attempt' | 'isOutrun'
  >,
): string {
  const pipeline = row.pipelineVersion === null ? row.pipelineId : row.pipelineName;
  const number = row.isOutrun ? `${row.number}.${row.attempt}` : numberLabel(row.number, row.attempt);
  return `/${row.workspace}/pipelines/${encodeURIComponent(pipeline)}/runs/${number}`;
}
