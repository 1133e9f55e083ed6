import { targetOf, type RunChange } from '#core/change.ts';
import type { Ending } from '#core/ending.ts';
import type { GateState, RecordBatch, Status } from '#core/run.ts';
import { asJson, type Database, type Transaction } from '../client.ts';
import { orderKey } from '../order.ts';
import { toJsonText } from '../storable-text.ts';
import { changeRun, type Change } from './change-run.ts';
import { releasePlaces } from './slots.ts';

/** Writes transitions of the workflow. Repeated, late and reordered batches do no harm (core/run.ts, RecordBatch). */
export async function recordBatch(database: Database, batch: RecordBatch): Promise<void> {
  const write = async (transaction: Transaction, seq: number) => {
    // In this order on the connection: what the end of the run leaves open is asked for after the nodes are written.
    const ended = listEnded(batch);
    const [nodes, gates, run] = await Promise.all([
      writeNodes(transaction, batch, seq),
      writeGates(transaction, batch, seq),
      writeRun(transaction, batch, seq),
      ended.length > 0 ? releasePlaces(transaction, batch.runId, ended) : null,
    ]);
    for (const change of batch.changes ?? []) await writeChange(transaction, batch.runId, change);
    return { changes: [...nodes, ...gates, ...run], result: undefined };
  };
  // What the run's object says of its gates and stages changes with every batch.
  await changeRun(database, batch.runId, write, true);
}

function listEnded(batch: RecordBatch): string[] {
  return batch.nodes.filter((node) => node.status.kind === 'ended').map((node) => node.name);
}

async function writeRun(transaction: Transaction, batch: RecordBatch, seq: number): Promise<Change[]> {
  if (!batch.run) return [];
  const freed = transaction`WITH freed AS (${releasePlaces(transaction, batch.runId, null)})`;
  const rows = await transaction`
    ${batch.run.kind === 'ended' ? freed : transaction``}
    UPDATE runs SET status = ${asJson(transaction, batch.run)}, status_kind = ${batch.run.kind},
      ending = ${endingOf(batch.run)}, version = ${batch.version},
      ended_at = ${batch.run.kind === 'ended' ? batch.run.at : null}
    WHERE id = ${batch.runId} AND version < ${batch.version} AND status_kind <> 'ended'
    RETURNING id`;
  if (rows.length === 0) return [];
  const left = batch.run.kind === 'ended' ? await closeStages(transaction, batch, seq) : [];
  return [...left, { kind: 'run', name: '', status: batch.run }];
}

/** What a host that was lost had added to the run, and the run never came to know: it ends with it. */
async function closeStages(transaction: Transaction, batch: RecordBatch, seq: number): Promise<Change[]> {
  const reason = { code: 'never-known', message: 'the host that added it was lost before the run knew of it' };
  const status: Status = { kind: 'ended', ending: 'not-run', reason, at: batch.at };
  const rows = await transaction<{ name: string }[]>`
    UPDATE stages SET status = ${asJson(transaction, status)}, status_kind = 'ended', ending = 'not-run',
      reason = ${asJson(transaction, reason)}, seq = ${seq}
    WHERE run_id = ${batch.runId} AND status_kind <> 'ended' RETURNING name`;
  return rows.map(({ name }) => ({ kind: 'stage', name, status }));
}

async function writeNodes(transaction: Transaction, batch: RecordBatch, seq: number): Promise<Change[]> {
  if (batch.nodes.length === 0) return [];
  const nodes = batch.nodes.map((node) => ({
    name: node.name,
    status: toJsonText(node.status),
    kind: node.status.kind,
    ending: endingOf(node.status),
    reason: toJsonText(reasonOf(node.status) ?? node.result?.reason ?? null),
    has_result: node.result !== null,
    outputs: toJsonText(node.result?.outputs ?? {}),
    artifacts: toJsonText(node.result?.artifacts ?? []),
    attempts: node.result?.attempts ?? 0,
    carried_from: node.result?.carriedFrom ?? null,
  }));
  const rows = await transaction<{ name: string; status: Status }[]>`
    UPDATE stages SET status = node.status::json, status_kind = node.kind::status_kind, ending = node.ending::ending,
      reason = node.reason::json,
      outputs = CASE WHEN node.has_result THEN node.outputs::json ELSE stages.outputs END,
      artifacts = CASE WHEN node.has_result THEN node.artifacts::json ELSE stages.artifacts END,
      attempt_count = greatest(stages.attempt_count, node.attempts),
      carried_from = coalesce(node.carried_from, stages.carried_from),
      order_key = ${orderKey(batch.version, 'transition')}, seq = ${seq}
    FROM json_to_recordset(${asJson(transaction, nodes)}::json) AS node(
      name text, status text, kind text, ending text, reason text, has_result boolean,
      outputs text, artifacts text, attempts integer, carried_from text)
    WHERE stages.run_id = ${batch.runId} AND stages.name = node.name
      AND stages.order_key < ${orderKey(batch.version, 'transition')}
    RETURNING stages.name, stages.status`;
  const ended = rows.filter((row) => row.status.kind === 'ended').map((row) => row.name);
  await closeAttempts(transaction, batch, ended);
  return rows.map((row) => ({ kind: 'stage', name: row.name, status: row.status }));
}

/** An attempt whose worker never came back ends with its stage: nothing is shown as running that is over. */
async function closeAttempts(transaction: Transaction, batch: RecordBatch, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const ends = batch.nodes.flatMap((node) => {
    if (!names.includes(node.name) || node.status.kind !== 'ended') return [];
    const ending = attemptEnding(node.status.ending);
    return [{ name: node.name, status: toJsonText({ ...node.status, ending }) }];
  });
  await transaction`
    UPDATE attempts SET status = stage.status::json, ended_at = ${batch.at}, log_ended = true,
      order_key = ${orderKey(batch.version, 'transition')}
    FROM json_to_recordset(${asJson(transaction, ends)}::json) AS stage(name text, status text)
    WHERE attempts.run_id = ${batch.runId} AND attempts.stage = stage.name AND attempts.ended_at IS NULL`;
}

async function writeGates(transaction: Transaction, batch: RecordBatch, seq: number): Promise<Change[]> {
  const changes: Change[] = [];
  for (const gate of batch.gates) {
    const rows = await transaction<{ id: string }[]>`
      UPDATE gates SET status = ${asJson(transaction, gate.status)}, status_kind = ${gate.status.kind},
        unmet = ${asJson(transaction, gate.unmet)}, opened_at = ${gate.openedAt}, expires_at = ${gate.expiresAt},
        order_key = ${orderKey(batch.version, 'transition')}, seq = ${seq}
      WHERE run_id = ${batch.runId} AND name = ${gate.name}
        AND order_key < ${orderKey(batch.version, 'transition')}
      RETURNING id`;
    const row = rows[0];
    if (!row) continue;
    await writeDecisions(transaction, row.id, gate);
    changes.push({ kind: 'gate', name: gate.name, status: gate.status });
  }
  return changes;
}

async function writeDecisions(transaction: Transaction, gateId: string, gate: GateState): Promise<void> {
  for (const decision of gate.decisions) {
    await transaction`
      INSERT INTO decisions (gate_id, id, decision, at)
      VALUES (${gateId}, ${decision.id}, ${asJson(transaction, decision)}, ${decision.at})
      ON CONFLICT DO NOTHING`;
  }
}

/** Under a `seq` of its own: one object may be changed several times by one batch. A change that is known has no effect. */
async function writeChange(transaction: Transaction, runId: string, change: RunChange): Promise<void> {
  const stage = targetOf(change);
  const rows = await transaction`
    INSERT INTO events (run_id, seq, kind, name, status, change)
    SELECT ${runId}, runs.seq + 1, ${stage === '' ? 'run' : 'stage'}, ${stage}, coalesce(stages.status, runs.status),
      ${asJson(transaction, change)}
    FROM runs LEFT JOIN stages ON stages.run_id = runs.id AND stages.name = ${stage}
    WHERE runs.id = ${runId}
    ON CONFLICT DO NOTHING RETURNING seq`;
  if (rows.length === 0) return;
  await transaction`UPDATE runs SET seq = seq + 1, row_seq = seq + 1 WHERE id = ${runId}`;
  if (change.kind !== 'extend' || stage === '') return;
  await transaction`
    UPDATE stages SET extended_ms = extended_ms + ${change.ms}, seq = (SELECT seq FROM runs WHERE id = ${runId})
    WHERE run_id = ${runId} AND name = ${stage}`;
}

export function endingOf(status: Status): Ending | null {
  return status.kind === 'ended' ? status.ending : null;
}

function reasonOf(status: Status) {
  return 'reason' in status ? status.reason : null;
}

/** An attempt knows fewer endings than its stage: what the stage's rules made of it is not its own. */
function attemptEnding(ending: Ending): Ending {
  return ending === 'cancelled' || ending === 'timed-out' || ending === 'failed' ? ending : 'errored';
}
