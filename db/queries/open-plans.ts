import type { ObjectReference } from '#core/attempt.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** Newest runs that are looked at. */
const MAX_RUNS = 100;

/** Plans of the open runs of a pipeline, each once. */
export async function listOpenPlans(scoped: Scoped, pipelineId: string): Promise<ObjectReference[]> {
  const rows = await scoped<{ plan: ObjectReference }[]>`
    SELECT plan FROM runs
    WHERE pipeline_id = ${pipelineId} AND ${inWorkspaces(scoped)} AND status_kind <> 'ended'
    ORDER BY id DESC LIMIT ${MAX_RUNS}`;
  return [...new Map(rows.map(({ plan }) => [plan.digest, plan])).values()];
}
