import type { ArtifactReference, AttemptResult } from '#core/attempt.ts';
import { FaultError } from '#core/fault.ts';
import type { Status } from '#core/run.ts';
import type { Settlement } from '#core/settle.ts';
import type { AttemptReport } from '#core/test-report.ts';
import { asJson, type Database, type Queryable, type Transaction } from '../client.ts';
import { CHANNEL, logTopic } from '../notify.ts';
import { orderKey } from '../order.ts';
import { changeRun, type Change, createRunUnknown } from './change-run.ts';
import { type RunGrowth, writeGrowth } from './grow-run.ts';
import { releasePlaces } from './slots.ts';
import { writeReport } from './write-report.ts';

/** Which attempt, and the version of the task that drives it. */
export interface AttemptRowKey {
  runId: string;
  stage: string;
  attempt: number;
  version: number;
}

/** How stale the shown sign of life may get, ms: people are told after 20 s (UI §1.1). */
const HEARTBEAT_STEP_MS = 4_000;

export async function findAttemptResult(
  database: Database,
  key: Omit<AttemptRowKey, 'version'>,
): Promise<AttemptResult | null> {
  const [row] = await database<{ result: AttemptResult | null }[]>`
    SELECT result FROM attempts
    WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt = ${key.attempt}`;
  return row?.result ?? null;
}

/** When the attempt began (ISO), or null if that was never recorded. */
export async function findAttemptStart(
  database: Database,
  key: Omit<AttemptRowKey, 'version'>,
): Promise<string | null> {
  const [row] = await database<{ startedAt: string | null }[]>`
    SELECT started_at FROM attempts
    WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt = ${key.attempt}`;
  return row?.startedAt ?? null;
}

/** Time that people gave the stage beyond its own limit, ms. */
export async function findExtension(database: Database, key: { runId: string; stage: string }): Promise<number> {
  const [row] = await database<{ extendedMs: number }[]>`
    SELECT extended_ms FROM stages WHERE run_id = ${key.runId} AND name = ${key.stage}`;
  return row?.extendedMs ?? 0;
}

/**
 * One statement instead of a transaction of seven, since every stage of every run writes it. The run's row is locked
 * first, as by `changeRun`.
 */
export async function recordAttemptStart(
  database: Database,
  key: AttemptRowKey,
  facts: AttemptImageRow & { startedAt: string; hostId: string },
): Promise<void> {
  const order = orderKey(key.version, 'started');
  const { runId, stage, attempt } = key;
  const status: Status = { kind: 'running', attempt, since: facts.startedAt, heartbeatAt: facts.startedAt };
  const rows = await database`
    WITH locked AS (SELECT id FROM runs WHERE id = ${runId} FOR UPDATE),
    begun AS (
      INSERT INTO attempts (run_id, stage, attempt, status, host_id, image, service_images, started_at, heartbeat_at,
        order_key)
      SELECT id, ${stage}, ${attempt}, ${asJson(database, status)}, ${facts.hostId}, ${facts.image ?? null},
        ${asJson(database, facts.serviceImages ?? null)}, ${facts.startedAt}, ${facts.startedAt}, ${order}
      FROM locked
      ON CONFLICT (run_id, stage, attempt) DO UPDATE SET status = excluded.status, host_id = excluded.host_id,
        image = excluded.image, service_images = coalesce(excluded.service_images, attempts.service_images),
        started_at = excluded.started_at, order_key = excluded.order_key
      WHERE attempts.order_key < excluded.order_key
      RETURNING run_id),
    moved AS (
      UPDATE runs SET seq = seq + 1,
        started_at = CASE WHEN begun.run_id IS NULL THEN started_at ELSE coalesce(started_at, ${facts.startedAt}) END,
        row_seq = CASE WHEN begun.run_id IS NULL OR started_at IS NOT NULL THEN row_seq ELSE seq + 1 END
      FROM locked LEFT JOIN begun ON true
      WHERE runs.id = locked.id
      RETURNING runs.id, seq),
    shown AS (
      UPDATE stages SET status = ${asJson(database, status)}, status_kind = 'running', ending = NULL, reason = NULL,
        attempt_count = greatest(attempt_count, ${attempt}), order_key = ${order}, seq = moved.seq
      FROM moved JOIN begun ON true
      WHERE stages.run_id = moved.id AND name = ${stage} AND order_key < ${order}
      RETURNING moved.id, moved.seq),
    closed AS (
      UPDATE attempts SET ${describeLost(database, key, facts.startedAt)}
      FROM begun
      WHERE attempts.run_id = begun.run_id AND stage = ${stage} AND attempt < ${attempt} AND ended_at IS NULL),
    kept AS (
      INSERT INTO events (run_id, seq, kind, name, status)
      SELECT id, seq, 'stage', ${stage}, ${asJson(database, status)} FROM shown
      ON CONFLICT DO NOTHING)
    SELECT pg_notify(${CHANNEL}, 'run:' || id || ' ' || seq) FROM moved`;
  if (rows.length === 0) throw createRunUnknown(runId);
}

export async function recordHeartbeat(database: Database, key: AttemptRowKey, at: string): Promise<void> {
  const [row] = await database<{ heartbeatAt: string | null }[]>`
    SELECT heartbeat_at FROM attempts
    WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt = ${key.attempt} AND ended_at IS NULL`;
  if (!row || (row.heartbeatAt && Date.parse(at) - Date.parse(row.heartbeatAt) < HEARTBEAT_STEP_MS)) return;
  const [low, high] = [orderKey(key.version, 'started'), orderKey(key.version, 'ended')];
  await changeRun(database, key.runId, async (transaction, seq) => {
    await transaction`
      UPDATE attempts SET heartbeat_at = ${at}
      WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt = ${key.attempt}
        AND order_key >= ${low} AND order_key < ${high}`;
    const [stage] = await transaction<{ status: Status }[]>`
      SELECT status FROM stages
      WHERE run_id = ${key.runId} AND name = ${key.stage} AND status_kind = 'running'
        AND order_key >= ${low} AND order_key < ${high}`;
    if (stage?.status.kind === 'running') {
      const status: Status = { ...stage.status, heartbeatAt: at };
      await transaction`
        UPDATE stages SET status = ${asJson(transaction, status)}, seq = ${seq}
        WHERE run_id = ${key.runId} AND name = ${key.stage}`;
    }
    // A sign of life is no event of the history.
    return { changes: [], result: undefined };
  });
}

/**
 * Tells readers of the log alone: the run's `seq` does not move. It need not outlast a crash, so it does not wait for
 * the disk: ten times a second a running stage.
 */
export async function recordLog(
  database: Database,
  key: AttemptRowKey,
  log: { bytes: number; lines: number },
): Promise<void> {
  await database`
    WITH moved AS (
      UPDATE attempts SET log_lines = greatest(log_lines, ${log.lines}), log_bytes = greatest(log_bytes, ${log.bytes})
      WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt = ${key.attempt} AND NOT log_ended
        AND order_key >= ${orderKey(key.version, 'started')}
      RETURNING 1)
    SELECT pg_notify(${CHANNEL}, ${`${logTopic(key)} ${log.lines}`}), set_config('synchronous_commit', 'off', true)
    FROM moved`;
}

/** Digests; what is absent stays as it is. */
interface AttemptImageRow {
  image?: string;
  serviceImages?: Readonly<Record<string, string>>;
}

export interface AttemptEndRow extends AttemptImageRow {
  result: AttemptResult;
  settlement: Settlement;
  log: { bytes: number; lines: number };
  artifacts: { reference: ArtifactReference; expiresAt: string | null }[];
  report: AttemptReport;
  growth?: RunGrowth;
}

/** Answers the result that stands: the first one recorded for the attempt. */
export async function recordAttemptEnd(
  database: Database,
  key: AttemptRowKey,
  end: AttemptEndRow,
): Promise<AttemptResult> {
  const order = orderKey(key.version, 'ended');
  const { result } = end;
  const status: Status = { kind: 'ended', ending: result.ending, reason: result.reason, at: result.endedAt };
  return changeRun(database, key.runId, async (transaction, seq) => {
    const rows = await transaction`
      INSERT INTO attempts (run_id, stage, attempt, status, result, image, service_images, started_at, ended_at,
        log_lines, log_bytes, log_ended, tests, order_key)
      VALUES (${key.runId}, ${key.stage}, ${key.attempt}, ${asJson(transaction, status)},
        ${asJson(transaction, result)}, ${end.image ?? null}, ${asJson(transaction, end.serviceImages ?? null)},
        ${result.startedAt}, ${result.endedAt}, ${end.log.lines}, ${end.log.bytes}, true, ${asJson(transaction, end.report.totals)}, ${order})
      ON CONFLICT (run_id, stage, attempt) DO UPDATE SET status = excluded.status, result = excluded.result,
        image = coalesce(excluded.image, attempts.image),
        service_images = coalesce(excluded.service_images, attempts.service_images),
        started_at = coalesce(attempts.started_at, excluded.started_at), ended_at = excluded.ended_at,
        log_lines = excluded.log_lines, log_bytes = excluded.log_bytes, log_ended = true,
        tests = excluded.tests, order_key = excluded.order_key
      WHERE attempts.order_key < excluded.order_key AND attempts.result IS NULL
      RETURNING attempt`;
    if (rows.length === 0) {
      const [known] = await transaction<{ result: AttemptResult | null }[]>`
        SELECT result FROM attempts
        WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt = ${key.attempt}`;
      return { changes: [], result: known?.result ?? result };
    }
    const [changes] = await Promise.all([
      settleStage(transaction, key, end, seq),
      closeEarlierAttempts(transaction, key, result.endedAt),
      ...end.artifacts.map((artifact) => writeArtifact(transaction, artifact)),
      writeReport(transaction, key, end.report),
    ]);
    if (end.growth) changes.push(...((await writeGrowth(transaction, key.runId, seq, end.growth)) ?? refuseMoved()));
    return { changes, result, topic: `${logTopic(key)} ${end.log.lines}` };
  });
}

/** The whole end is taken back: it is written again with what the run is by then. */
function refuseMoved(): never {
  const message = 'the run has grown otherwise meanwhile';
  throw new FaultError({ code: 'plan-moved', message, retry: { kind: 'yes', afterMs: 0 } });
}

async function settleStage(
  transaction: Transaction,
  key: AttemptRowKey,
  end: AttemptEndRow,
  seq: number,
): Promise<Change[]> {
  const { result, settlement } = end;
  const status = settledStatus(result, settlement);
  const ended = status.kind === 'ended';
  const rows = await transaction`
    WITH freed AS (${releasePlaces(transaction, key.runId, [key.stage])})
    UPDATE stages SET status = ${asJson(transaction, status)}, status_kind = ${status.kind},
      ending = ${ended ? status.ending : null}, reason = ${asJson(transaction, status.reason)},
      outputs = ${asJson(transaction, ended ? result.outputs : {})},
      artifacts = ${asJson(transaction, ended ? result.artifacts : [])},
      attempt_count = greatest(attempt_count, ${key.attempt}),
      order_key = ${orderKey(key.version, 'ended')}, seq = ${seq}
    WHERE run_id = ${key.runId} AND name = ${key.stage} AND order_key < ${orderKey(key.version, 'ended')}
    RETURNING name`;
  return rows.length > 0 ? [{ kind: 'stage', name: key.stage, status }] : [];
}

function settledStatus(
  result: AttemptResult,
  settlement: Settlement,
): Extract<Status, { kind: 'ended' } | { kind: 'waiting' }> {
  switch (settlement.kind) {
    case 'ended':
      return { kind: 'ended', ending: settlement.ending, reason: result.reason, at: result.endedAt };
    case 'retry':
      return {
        kind: 'waiting',
        reason: {
          code: 'retry',
          message: settlement.rule,
          values: { at: new Date(Date.parse(result.endedAt) + settlement.afterMs).toISOString() },
        },
      };
    default:
      return settlement satisfies never;
  }
}

async function writeArtifact(
  transaction: Transaction,
  artifact: { reference: ArtifactReference; expiresAt: string | null },
): Promise<void> {
  const { reference } = artifact;
  await transaction`
    INSERT INTO artifacts (id, run_id, stage, attempt, name, files, bytes, reference, expires_at)
    VALUES (gen_random_uuid(), ${reference.runId}, ${reference.stage}, ${reference.attempt}, ${reference.name},
      ${reference.files}, ${reference.bytes}, ${asJson(transaction, reference)}, ${artifact.expiresAt})
    ON CONFLICT DO NOTHING`;
}

/** When a later attempt exists, one before it that has no end was on a host that was lost. */
async function closeEarlierAttempts(transaction: Transaction, key: AttemptRowKey, at: string): Promise<void> {
  if (key.attempt === 1) return;
  await transaction`
    UPDATE attempts SET ${describeLost(transaction, key, at)}
    WHERE run_id = ${key.runId} AND stage = ${key.stage} AND attempt < ${key.attempt} AND ended_at IS NULL`;
}

function describeLost(queryable: Queryable, { version }: AttemptRowKey, at: string) {
  const reason = { code: 'host-lost', message: 'the host of this attempt was lost' };
  const status: Status = { kind: 'ended', ending: 'errored', reason, at };
  return queryable`status = ${asJson(queryable, status)}, ended_at = ${at}, log_ended = true,
    order_key = ${orderKey(version, 'transition')}`;
}
