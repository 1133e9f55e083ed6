import type { Database } from '../client.ts';
import type { RunRow } from '../rows.ts';

/** Open runs whose workflow was started and of which nothing was written for `settleMs`. */
export function listStaleOpenRuns(database: Database, settleMs: number): Promise<RunRow[]> {
  return database<RunRow[]>`
    SELECT * FROM runs
    WHERE status_kind <> 'ended' AND created_at < now() - ${settleMs} * interval '1 millisecond'
      AND NOT EXISTS (SELECT FROM outbox WHERE outbox.run_id = runs.id)
      AND NOT EXISTS (
        SELECT FROM events WHERE events.run_id = runs.id AND events.at > now() - ${settleMs} * interval '1 millisecond')
    ORDER BY id`;
}

/** How many open runs have, or had, a workflow. */
export async function countStartedRuns(database: Database): Promise<number> {
  const [row] = await database<{ count: number }[]>`
    SELECT count(*)::int AS count FROM runs
    WHERE status_kind <> 'ended' AND NOT EXISTS (SELECT FROM outbox WHERE outbox.run_id = runs.id)`;
  return row?.count ?? 0;
}

/** `keep`: open, or ended less than `settleMs` ago. `over`: ended. Absent: no such run. */
export async function listRunStandings(
  database: Database,
  runIds: readonly string[],
  settleMs: number,
): Promise<Map<string, 'keep' | 'over'>> {
  const rows = await database<{ id: string; isKept: boolean }[]>`
    SELECT id::text, (status_kind <> 'ended' OR ended_at > now() - ${settleMs} * interval '1 millisecond') AS is_kept
    FROM runs WHERE id::text IN ${database(['', ...runIds])}
    UNION ALL
    -- A terminal of an ended run has a place of its own on its host, under its own id.
    SELECT id::text, state <> 'ended' FROM shells WHERE id::text IN ${database(['', ...runIds])}`;
  return new Map(rows.map((row) => [row.id, row.isKept ? 'keep' : 'over']));
}

/** Docker endpoints that runs were given within the last 30 days: where something of theirs may be left. */
export async function listDockerEndpoints(database: Database): Promise<string[]> {
  const rows = await database<{ endpoint: string }[]>`
    SELECT DISTINCT docker_endpoint AS endpoint FROM runs
    WHERE docker_endpoint IS NOT NULL AND created_at > now() - interval '30 days'`;
  return rows.map((row) => row.endpoint);
}
