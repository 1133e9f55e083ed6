import type { PipelineObject, RunMark, RunSummary } from '#core/rest-pipelines.ts';
import type { Can } from '#core/rest.ts';
import { listLastRuns, listRecentRuns, listStandingRuns, type RecentRunRow } from '#db/queries/list-pipelines.ts';
import type { PipelineWithNames } from '#db/queries/pipelines.ts';
import type { RunRow } from '#db/rows.ts';
import type { Scoped } from '#db/scope.ts';
import { explainAction } from '../access/authorize.ts';
import type { Principal } from '../access/principal.ts';
import type { ApiContext } from '../context.ts';
import { findInvalid } from '../pipelines/find-invalid.ts';

/** Runs of a pipeline that its object tells of. */
export interface PipelineRuns {
  last: RunRow | null;
  standing: RunRow | null;
  recent: readonly RecentRunRow[];
}

/** What lists say of each. */
export async function loadPipelineObjects(
  context: ApiContext,
  scoped: Scoped,
  rows: readonly PipelineWithNames[],
  principal: Principal,
): Promise<PipelineObject[]> {
  const runs = await loadPipelineRuns(
    scoped,
    rows.map((row) => row.id),
  );
  const errors = await findInvalid(context, scoped, rows);
  return rows.map((row) => {
    const object = toPipelineObject(row, runs.get(row.id) ?? NO_RUNS, principal);
    const count = errors.get(row.id);
    return count === undefined ? object : { ...object, invalid: { errors: count } };
  });
}

/** Of a pipeline that was just made. */
export const NO_RUNS: PipelineRuns = { last: null, standing: null, recent: [] };

/** Runs of several pipelines, by id. */
export async function loadPipelineRuns(scoped: Scoped, ids: readonly string[]): Promise<Map<string, PipelineRuns>> {
  const [last, standing, recent] = await Promise.all([
    listLastRuns(scoped, ids),
    listStandingRuns(scoped, ids),
    listRecentRuns(scoped, ids),
  ]);
  const lastOf = new Map(last.map((run) => [run.pipelineId, run]));
  const standingOf = new Map(standing.map((run) => [run.pipelineId, run]));
  return new Map(
    ids.map((id) => [
      id,
      { last: lastOf.get(id) ?? null, standing: standingOf.get(id) ?? null, recent: recent.get(id) ?? [] },
    ]),
  );
}

/** The pipeline as the principal sees it. */
export function toPipelineObject(row: PipelineWithNames, runs: PipelineRuns, principal: Principal): PipelineObject {
  return {
    id: row.id,
    topic: `pipelines:${row.workspace}`,
    seq: row.revision,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
    workspace: row.workspace,
    name: row.name,
    origin: row.origin,
    description: row.description,
    enabled: row.enabled,
    version: row.version,
    file: row.version === 0 ? row.path : null,
    repository: row.repository,
    defaultBranch: row.defaultBranch,
    lastRun: runs.last ? toRunSummary(runs.last) : null,
    defaultRun: runs.standing ? toRunSummary(runs.standing) : null,
    recentRuns: runs.recent.map(toRunMark),
    can: { trigger: canTrigger(row, principal), write: canWrite(row, principal) },
  };
}

function toRunMark({ number, attempt, state, startedAt, endedAt, createdAt }: RecentRunRow): RunMark {
  return { number, attempt, state, createdAt, durationMs: measure(startedAt, endedAt) };
}

/** Null before the first stage; of an open one until now. */
function measure(startedAt: string | null, endedAt: string | null): number | null {
  if (startedAt === null) return null;
  return Math.max(0, (endedAt === null ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt));
}

export function toRunSummary(row: RunRow): RunSummary {
  const { id, label, number, attempt, status, trigger, startedBy, createdAt, endedAt } = row;
  return {
    ...{ id, label, number, attempt, status, trigger, startedBy, createdAt, endedAt },
    branch: row.branch,
    subject: row.git?.subject ?? null,
    durationMs: measure(row.startedAt, endedAt),
  };
}

/** Whether a run of it may be started now. */
export function canTrigger(row: PipelineWithNames, principal: Principal): Can {
  const right = explainAction(principal, 'run:trigger', row);
  if (right !== true) return right;
  if (row.version === 0) return { no: 'a file is run by its command: buildit run FILE', code: 'pipeline-local' };
  return row.enabled ? true : { no: `pipeline ${row.name} is disabled`, code: 'pipeline-disabled' };
}

export function canWrite(row: PipelineWithNames, principal: Principal): Can {
  const right = explainAction(principal, 'pipeline:write', row);
  if (right !== true) return right;
  return row.version === 0 ? { no: 'its text is a file: edit that', code: 'pipeline-local' } : true;
}
