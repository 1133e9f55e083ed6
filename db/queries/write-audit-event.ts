import { v7 as createId } from 'uuid';
import { digestEvent } from '../audit-digest.ts';
import type { Transaction } from '../client.ts';
import { toStorableText } from '../storable-text.ts';
import { insertAuditEvent } from './audit.ts';

/** What was done or refused, by whom, from where, by which request. */
export interface AuditEvent {
  organizationId: string;
  workspaceId: string | null;
  actor: string;
  address: string;
  requestId: string;
  /** `secret.set`: object kind and verb. */
  action: string;
  object: { kind: string; id: string; name: string };
  verdict: 'done' | 'refused';
  code: string | null;
  detail: Record<string, unknown>;
}

/** Writes one event; times and texts are made what the database gives back, because the digest is over them. */
export async function writeAuditEvent(
  transaction: Transaction,
  { object, detail, ...event }: AuditEvent,
): Promise<void> {
  const row = {
    id: createId(),
    organizationId: event.organizationId,
    workspaceId: event.workspaceId,
    at: new Date().toISOString(),
    actor: toStorableText(event.actor),
    action: toStorableText(event.action),
    objectKind: object.kind,
    objectId: toStorableText(object.id),
    objectName: toStorableText(object.name),
    verdict: event.verdict,
    code: event.code,
    address: event.address,
    requestId: event.requestId,
    detail: JSON.parse(JSON.stringify(detail)) as Record<string, unknown>,
  };
  await insertAuditEvent(transaction, { ...row, digest: digestEvent(row) });
}

/** What the installation did by itself in a workspace. */
export async function writeSystemEvent(
  transaction: Transaction,
  workspaceId: string,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const [workspace] = await transaction<{ organizationId: string; name: string }[]>`
    SELECT organization_id, name FROM workspaces WHERE id = ${workspaceId}`;
  // Deleted meanwhile, and its runs with it.
  if (!workspace) return;
  await writeAuditEvent(transaction, {
    ...{ organizationId: workspace.organizationId, workspaceId, action, detail },
    ...{ actor: 'system', address: 'local', requestId: '', verdict: 'done', code: null },
    object: { kind: 'workspace', id: workspaceId, name: workspace.name },
  });
}
