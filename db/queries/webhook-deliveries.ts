import type { WebhookEvent } from '#core/rest-webhooks.ts';
import type { Status } from '#core/run.ts';
import { asJson, type Database, type Transaction } from '../client.ts';
import { CHANNEL } from '../notify.ts';
import type { DeliveryRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** Something a webhook is told of, with what it is about. */
interface Happening {
  event: WebhookEvent;
  subject: string;
  gate: string | null;
}

/**
 * Writes down what the webhooks of the run's workspace are to be told of the changes, in the transaction of the changes
 * themselves: none is told of what did not happen, and of nothing twice. The payload is what stood then.
 */
export async function insertDeliveries(
  transaction: Transaction,
  runId: string,
  changes: readonly { kind: string; name: string; status: Status }[],
): Promise<void> {
  const happenings = changes.flatMap((change) => toHappening(runId, change));
  if (happenings.length === 0) return;
  const rows = await transaction`
    INSERT INTO webhook_deliveries (id, webhook_id, workspace_id, event, subject, payload, state)
    SELECT ${createOrderedId(transaction)}, webhooks.id, webhooks.workspace_id, happening.event, happening.subject,
      json_build_object('type', happening.event, 'timestamp', now(), 'data', json_build_object(
        'run', json_build_object('id', runs.id, 'label', runs.label, 'number', runs.number, 'attempt', runs.attempt,
          'workspace', organizations.name || '/' || workspaces.name,
          'pipeline', json_build_object('id', pipelines.id, 'name', pipelines.name),
          'status', runs.status, 'branch', runs.branch, 'commit', runs.commit, 'trigger', runs.trigger,
          'startedBy', runs.started_by, 'createdAt', runs.created_at, 'endedAt', runs.ended_at),
        'gate', CASE WHEN gates.id IS NULL THEN NULL
          ELSE json_build_object('id', gates.id, 'name', gates.name, 'unmet', gates.unmet, 'expiresAt', gates.expires_at)
          END)),
      'pending'
    FROM runs JOIN webhooks ON webhooks.workspace_id = runs.workspace_id AND webhooks.enabled
      JOIN pipelines ON pipelines.id = runs.pipeline_id JOIN workspaces ON workspaces.id = runs.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
      JOIN json_to_recordset(${asJson(transaction, happenings)}::json) AS happening(event text, subject text, gate text)
        ON happening.event IN (SELECT json_array_elements_text(webhooks.events))
      LEFT JOIN gates ON gates.run_id = runs.id AND gates.name = happening.gate
    WHERE runs.id = ${runId}
    ON CONFLICT DO NOTHING RETURNING id`;
  if (rows.length > 0) await transaction`SELECT pg_notify(${CHANNEL}, 'webhooks 0')`;
}

/** A random id that begins with the moment, as UUIDv7 does: lists are in its order. */
function createOrderedId(transaction: Transaction) {
  return transaction`(
    lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
    || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid`;
}

function toHappening(
  runId: string,
  { kind, name, status }: { kind: string; name: string; status: Status },
): Happening[] {
  if (kind === 'run' && status.kind === 'ended') return [{ event: 'run.ended', subject: runId, gate: null }];
  const isAsking = kind === 'gate' && status.kind === 'waiting' && status.reason.code === 'gate';
  return isAsking ? [{ event: 'gate.opened', subject: `${runId} ${name}`, gate: name }] : [];
}

/** A delivery that a process has taken, with where it goes. */
export interface TakenDelivery extends Pick<DeliveryRow, 'id' | 'webhookId' | 'event' | 'payload' | 'tries'> {
  organizationId: string;
  url: string;
  signingKey: unknown;
}

/**
 * Deliveries that are due, the oldest of each workspace in turn (receivers of one that do not answer keep nobody else's
 * waiting), taken for `leaseMs`: other processes leave them alone, and take them again when this one does not settle
 * them. Each counts as a try at once.
 */
export function takeDeliveries(database: Database, limit: number, leaseMs: number): Promise<TakenDelivery[]> {
  return database<TakenDelivery[]>`
    UPDATE webhook_deliveries AS delivery
    SET tries = tries + 1, due_at = now() + ${leaseMs} * interval '1 millisecond'
    FROM webhooks JOIN workspaces ON workspaces.id = webhooks.workspace_id
    WHERE webhooks.id = delivery.webhook_id AND delivery.id IN (
      SELECT id FROM webhook_deliveries
      WHERE state = 'pending' AND due_at <= now() AND id IN (
        SELECT id FROM (
          SELECT id, due_at, row_number() OVER (PARTITION BY workspace_id ORDER BY due_at) AS turn
          FROM webhook_deliveries WHERE state = 'pending' AND due_at <= now()) AS due
        ORDER BY turn, due_at LIMIT ${limit})
      FOR UPDATE SKIP LOCKED)
    RETURNING delivery.id, delivery.webhook_id, delivery.event, delivery.payload, delivery.tries,
      workspaces.organization_id, webhooks.url, webhooks.signing_key`;
}

/** How a try came out; with `againMs` there is another. */
export async function settleDelivery(
  database: Database,
  id: string,
  outcome: { state: DeliveryRow['state']; lastTry: DeliveryRow['lastTry']; againMs: number },
): Promise<void> {
  await database`
    UPDATE webhook_deliveries SET state = ${outcome.state}, last_try = ${asJson(database, outcome.lastTry)},
      due_at = now() + ${outcome.againMs} * interval '1 millisecond'
    WHERE id = ${id}`;
}

/** ms until the next delivery is due; 0 when one is, null when none is pending. */
export async function findNextDelivery(database: Database): Promise<number | null> {
  const [row] = await database<{ waitMs: number | null }[]>`
    SELECT greatest(0, ceil(extract(epoch FROM min(due_at) - now()) * 1000))::float8 AS wait_ms
    FROM webhook_deliveries WHERE state = 'pending' HAVING count(*) > 0`;
  return row?.waitMs ?? null;
}

/** Newest first, one more than `limit` when there are more in the direction asked for. */
export async function listDeliveries(
  scoped: Scoped,
  webhookId: string,
  from: { direction: 'older' | 'newer'; id: string } | null,
  limit: number,
): Promise<DeliveryRow[]> {
  const isBackward = from?.direction === 'newer';
  const rows = await scoped<DeliveryRow[]>`
    SELECT * FROM webhook_deliveries WHERE webhook_id = ${webhookId} AND ${inWorkspaces(scoped)}
      ${from === null ? scoped`` : isBackward ? scoped`AND id > ${from.id}` : scoped`AND id < ${from.id}`}
    ORDER BY id ${isBackward ? scoped`ASC` : scoped`DESC`} LIMIT ${limit + 1}`;
  return isBackward ? rows.toReversed() : rows;
}

/** Sends it again from now on, with all its tries. Null when the webhook has none of that id. */
export async function redeliver(scoped: Scoped, webhookId: string, id: string): Promise<DeliveryRow | null> {
  const [row] = await scoped<DeliveryRow[]>`
    UPDATE webhook_deliveries SET state = 'pending', tries = 0, due_at = now()
    WHERE id = ${id} AND webhook_id = ${webhookId} AND ${inWorkspaces(scoped)} RETURNING *`;
  if (row) await scoped`SELECT pg_notify(${CHANNEL}, 'webhooks 0')`;
  return row ?? null;
}

/** Those that are over are shown for 30 days. */
export async function forgetOldDeliveries(database: Database): Promise<void> {
  await database`
    DELETE FROM webhook_deliveries WHERE state <> 'pending' AND created_at <= now() - interval '30 days'`;
}
