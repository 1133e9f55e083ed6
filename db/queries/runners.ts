import { NO_RUNNER } from '#core/runner.ts';
import { asJson, type Database } from '../client.ts';

export interface RunnerRow {
  hostId: string;
  queue: string;
  labels: string[];
}

/** What a machine says of itself; null is not known. */
export interface RunnerFacts {
  version: string | null;
  maxStages: number | null;
  processExecutor: boolean | null;
}

/** Notes that a machine is there, by the database's clock; `leaseMs` 0: until it says otherwise. */
export async function keepRunner(
  database: Database,
  runner: RunnerRow & { leaseMs: number } & Partial<RunnerFacts>,
): Promise<void> {
  const { hostId, queue, labels, leaseMs, version = null, maxStages = null, processExecutor = null } = runner;
  await database`
    INSERT INTO runners (host_id, queue, labels, version, max_stages, process_executor, alive_until)
    VALUES (${hostId}, ${queue}, ${asJson(database, labels)}::jsonb, ${version}, ${maxStages}, ${processExecutor},
      CASE WHEN ${leaseMs} = 0 THEN 'infinity'::timestamptz ELSE now() + ${leaseMs} * interval '1 millisecond' END)
    ON CONFLICT (host_id) DO UPDATE SET queue = excluded.queue, labels = excluded.labels, version = excluded.version,
      max_stages = excluded.max_stages, process_executor = excluded.process_executor,
      alive_until = excluded.alive_until, seen_at = now()`;
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

/** A machine with what it has to do. */
export interface BusyRunner extends RunnerRow, RunnerFacts {
  seenAt: string;
  /** Whether its lease holds. */
  isAlive: boolean;
  /** Stages that execute there, of so many runs. */
  stages: number;
  runs: number;
}

/** Machines that are there, and those that fell silent within the last day. */
export async function listRunners(database: Database): Promise<BusyRunner[]> {
  return database<BusyRunner[]>`
    SELECT host_id, queue, labels, version, max_stages, process_executor, seen_at, alive_until > now() AS is_alive,
      (SELECT count(*)::int FROM stages JOIN attempts ON attempts.run_id = stages.run_id
        AND attempts.stage = stages.name AND attempts.ended_at IS NULL
        WHERE stages.status_kind = 'running' AND attempts.host_id = runners.host_id) AS stages,
      (SELECT count(*)::int FROM host_claims AS claims
        WHERE claims.host_id = runners.host_id AND NOT claims.lost AND NOT claims.released) AS runs
    FROM runners WHERE alive_until > now() - interval '1 day' ORDER BY host_id`;
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
