import { numberLabel } from '#core/ids.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';

/** Address of the run's page below that of the server (UI §4.4). Names of local pipelines are not unique. */
export function urlOfRun(
  row: Pick<RunWithNames, 'workspace' | 'pipelineId' | 'pipelineName' | 'pipelineVersion' | 'number' | 'attempt'>,
): string {
  const pipeline = row.pipelineVersion === null ? row.pipelineId : row.pipelineName;
  return `/${row.workspace}/pipelines/${encodeURIComponent(pipeline)}/runs/${numberLabel(row.number, row.attempt)}`;
}
