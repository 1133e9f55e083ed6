import type { InboxRun } from '#core/rest-inbox.ts';
import type { RunWithNames } from '#db/queries/find-run.ts';
import { toRunSummary } from './pipeline-object.ts';
import { urlOfRun } from './run-url.ts';

export function toInboxRun(row: RunWithNames): InboxRun {
  return {
    ...toRunSummary(row),
    workspace: row.workspace,
    pipeline: { id: row.pipelineId, name: row.pipelineName },
    url: urlOfRun(row),
  };
}
