import { NO_RUNNER } from '#core/runner.ts';
import { asJson, type Database } from '../client.ts';

export interface RunnerRow {
  hostId: string;
  queue: string;
  labels: string[];
}

/** Notes that a machine is there, by the database's clock; `leaseMs` 0: until it says otherwise. */
export async function keepRunner(database: Database, runner: RunnerRow & { leaseMs: number }): Promise<void> {
  const { hostId, queue, labels, leaseMs } = runner;
  await database`
    INSERT INTO runners (host_id, queue, labels, alive_until)
    VALUES (${hostId}, ${queue}, ${asJson(database, labels)}::jsonb,
      CASE WHEN ${leaseMs} = 0 THEN 'infinity'::timestamptz ELSE now() + ${leaseMs} * interval '1 millisecond' END)
    ON CONFLICT (host_id) DO UPDATE SET queue = excluded.queue, labels = excluded.labels,
      alive_until = excluded.alive_until`;
}

export async function removeRunner(database: Database, hostId: string): Promise<void> {
  await database`DELETE FROM runners WHERE host_id = ${hostId}`;
}

/** Of the machines that have all the labels, the one that fewest runs hold; null when there is none. */
export async function findRunner(database: Database, labels: readonly string[]): Promise<RunnerRow | null> {
  const [found] = await database<RunnerRow[]>`
    SELECT host_id, queue, labels FROM runners
    WHERE alive_until > now() AND labels @> ${asJson(database, labels)}::jsonb
    ORDER BY (
      SELECT count(*) FROM host_claims claims
      WHERE claims.host_id = runners.host_id AND NOT claims.lost AND NOT claims.released
    ), random() LIMIT 1`;
  return found ?? null;
}

/** Labels that any machine has now. */
export async function listRunnerLabels(database: Database): Promise<string[]> {
  const rows = await database<{ label: string }[]>`
    SELECT DISTINCT jsonb_array_elements_text(labels) AS label FROM runners WHERE alive_until > now() ORDER BY label`;
  return rows.map((row) => row.label);
}

/** Stages of open runs that wait for a machine with labels that nobody has had. */
export async function listAwaitingRunner(database: Database): Promise<{ runId: string; stage: string }[]> {
  return database<{ runId: string; stage: string }[]>`
    SELECT run_id, name AS stage FROM stages
    WHERE status_kind = 'queued' AND status->'reason'->>'code' = ${NO_RUNNER}`;
}
