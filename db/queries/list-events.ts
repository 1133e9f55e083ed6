import type { Queryable } from '../client.ts';
import type { EventRow } from '../rows.ts';

/** The history of a run behind `after`, oldest first. */
export function listEvents(queryable: Queryable, runId: string, after: number, limit: number): Promise<EventRow[]> {
  return queryable<EventRow[]>`
    SELECT * FROM events WHERE run_id = ${runId} AND seq > ${after} ORDER BY seq, kind, name LIMIT ${limit}`;
}
