import type { PipelineObject, RunSummary } from '#core/rest-pipelines.ts';
import type { Can } from '#core/rest.ts';
import type { PipelineWithNames } from '#db/queries/pipelines.ts';
import type { RunRow } from '#db/rows.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';

/** The pipeline as the principal sees it. */
export function toPipelineObject(row: PipelineWithNames, last: RunRow | null, principal: Principal): PipelineObject {
  return {
    id: row.id,
    topic: `pipelines:${row.workspace}`,
    seq: row.revision,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    workspace: row.workspace,
    name: row.name,
    origin: row.origin,
    description: row.description,
    enabled: row.enabled,
    version: row.version,
    file: row.version === 0 ? row.path : null,
    lastRun: last ? toRunSummary(last) : null,
    can: { trigger: canTrigger(row, principal), write: canWrite(row, principal) },
  };
}

export function toRunSummary(row: RunRow): RunSummary {
  const { id, label, number, attempt, status, trigger, startedBy, createdAt, endedAt } = row;
  const end = endedAt === null ? Date.now() : Date.parse(endedAt);
  return {
    ...{ id, label, number, attempt, status, trigger, startedBy, createdAt, endedAt },
    branch: row.branch ?? row.git?.branch ?? null,
    durationMs: row.startedAt === null ? null : Math.max(0, end - Date.parse(row.startedAt)),
  };
}

/** Whether a run of it may be started now. */
export function canTrigger(row: PipelineWithNames, principal: Principal): Can {
  const right = explainAction(principal, 'run:trigger', row);
  if (right !== true) return right;
  if (row.version === 0) return { no: 'a file is run by its command: buildit run FILE', code: 'pipeline-local' };
  return row.enabled ? true : { no: `pipeline ${row.name} is disabled`, code: 'pipeline-disabled' };
}

function canWrite(row: PipelineWithNames, principal: Principal): Can {
  const right = explainAction(principal, 'pipeline:write', row);
  if (right !== true) return right;
  return row.version === 0 ? { no: 'its text is a file: edit that', code: 'pipeline-local' } : true;
}
