import type { WebhookEvent } from '#core/rest-webhooks.ts';
import { asJson } from '../client.ts';
import { isId } from '../id.ts';
import type { WebhookRow } from '../rows.ts';
import { inWorkspaces, type Scoped } from '../scope.ts';

/** A webhook with the names of where it belongs. */
export interface WebhookWithNames extends WebhookRow {
  organizationId: string;
  /** `org/ws` */
  workspace: string;
}

export function listWebhooks(scoped: Scoped, workspaceId: string): Promise<WebhookWithNames[]> {
  return scoped<WebhookWithNames[]>`
    ${selectWebhooks(scoped)} AND webhooks.workspace_id = ${workspaceId} ORDER BY webhooks.id`;
}

export async function findWebhook(scoped: Scoped, id: string): Promise<WebhookWithNames | null> {
  if (!isId(id)) return null;
  const [row] = await scoped<WebhookWithNames[]>`${selectWebhooks(scoped)} AND webhooks.id = ${id}`;
  return row ?? null;
}

/** The row, locked until the transaction ends. */
export async function lockWebhook(scoped: Scoped, id: string): Promise<WebhookWithNames | null> {
  const [row] = await scoped<WebhookWithNames[]>`
    ${selectWebhooks(scoped)} AND webhooks.id = ${id} FOR UPDATE OF webhooks`;
  return row ?? null;
}

function selectWebhooks(scoped: Scoped) {
  return scoped`
    SELECT webhooks.*, workspaces.organization_id, organizations.name || '/' || workspaces.name AS workspace
    FROM webhooks JOIN workspaces ON workspaces.id = webhooks.workspace_id
      JOIN organizations ON organizations.id = workspaces.organization_id
    WHERE ${inWorkspaces(scoped, 'webhooks.workspace_id')}`;
}

export async function insertWebhook(
  scoped: Scoped,
  row: Pick<WebhookRow, 'id' | 'workspaceId' | 'url' | 'events' | 'signingKey' | 'createdBy'>,
): Promise<void> {
  await scoped`
    INSERT INTO webhooks (id, workspace_id, url, events, signing_key, created_by)
    VALUES (${row.id}, ${row.workspaceId}, ${row.url}, ${asJson(scoped, row.events)},
      ${asJson(scoped, row.signingKey)}, ${row.createdBy})`;
}

export async function changeWebhook(
  scoped: Scoped,
  id: string,
  row: { url: string; events: WebhookEvent[]; enabled: boolean },
): Promise<void> {
  await scoped`
    UPDATE webhooks SET url = ${row.url}, events = ${asJson(scoped, row.events)}, enabled = ${row.enabled},
      version = version + 1
    WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
}

/** With what was still to be delivered to it. */
export async function deleteWebhook(scoped: Scoped, id: string): Promise<void> {
  await scoped`DELETE FROM webhooks WHERE id = ${id} AND ${inWorkspaces(scoped)}`;
}
