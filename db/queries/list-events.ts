import type { EventRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** The history of a run behind `after`, oldest first. */
export function listEvents(scoped: Scoped, runId: string, after: number, limit: number): Promise<EventRow[]> {
  return scoped<EventRow[]>`
    SELECT * FROM events WHERE run_id = ${runId} AND ${inWorkspaces(scoped)} AND seq > ${after}
    ORDER BY seq, kind, name LIMIT ${limit}`;
}
