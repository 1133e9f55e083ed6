import { inWorkspaces, type Scoped } from '../scope.ts';

/** A stage and since when nothing but a place for it was missing (ISO). */
export interface QueuedRow {
  name: string;
  since: string;
}

/** Each time that a stage of a run was queued, oldest first. */
export function listQueued(scoped: Scoped, runId: string): Promise<QueuedRow[]> {
  return scoped<QueuedRow[]>`
    SELECT name, status->>'since' AS since FROM events
    WHERE run_id = ${runId} AND ${inWorkspaces(scoped)} AND kind = 'stage' AND status->>'kind' = 'queued'
    ORDER BY seq, name`;
}
