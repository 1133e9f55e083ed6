import type { Database } from '../client.ts';

/** Runs that have not ended, whatever they wait for. */
export async function countOpenRuns(database: Database): Promise<number> {
  const [row] = await database<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM runs WHERE status_kind <> 'ended'`;
  return row?.count ?? 0;
}

/**
 * When the next timer of an open run falls due (ISO), null when none does: gates expire, windows open, stages wait for
 * another attempt. What waits for a time says so in its reason (`values.at`). The limits of stages that execute are
 * not here: while one does, the engine does not leave anyway (ENGINE 7).
 */
export async function findNextTimer(database: Database): Promise<string | null> {
  const [row] = await database<{ at: string | null }[]>`
    WITH open AS (SELECT id FROM runs WHERE status_kind <> 'ended'),
      due AS (
        SELECT gates.expires_at AS at FROM open JOIN gates ON gates.run_id = open.id
        WHERE gates.status_kind = 'waiting' AND gates.opened_at IS NOT NULL
        UNION ALL
        SELECT (gates.status #>> '{reason,values,at}')::timestamptz FROM open JOIN gates ON gates.run_id = open.id
        WHERE gates.status_kind = 'waiting'
        UNION ALL
        SELECT (stages.status #>> '{reason,values,at}')::timestamptz FROM open JOIN stages ON stages.run_id = open.id
        WHERE stages.status_kind = 'waiting')
    SELECT min(due.at) AS at FROM due`;
  return row?.at ?? null;
}
