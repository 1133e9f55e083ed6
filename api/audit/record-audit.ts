import type { Context } from 'hono';
import type { Transaction } from '#db/client.ts';
import { writeAuditEvent } from '#db/queries/write-audit-event.ts';
import type { Owner } from '../access/principal.ts';
import type { ApiEnvironment } from '../context.ts';
import type { Call } from '../route.ts';

/** What was done, to what. */
export interface AuditEntry {
  /** `secret.set`: object kind and verb. */
  action: string;
  owner: Owner;
  object: { kind: string; id: string; name: string };
  /** What people need to understand it later, before and after; secrets as names. */
  detail?: Record<string, unknown>;
}

/**
 * Adds an event to the audit of the entry's organization, in the transaction of the change itself: there is no change
 * without its event and no event without its change. Its place in the chain is given when the transaction commits
 * (0003_audit.sql), so it may stand anywhere in the transaction and makes nobody wait before.
 */
export async function recordAudit(
  transaction: Transaction,
  call: Pick<Call, 'principal' | 'request'>,
  entry: AuditEntry,
): Promise<void> {
  await writeEvent(transaction, sourceOf(call.request, call.principal.actor), {
    ...entry,
    verdict: 'done',
    code: null,
  });
}

/** Who did it, from where, by which request. */
export interface AuditSource {
  actor: string;
  address: string;
  requestId: string;
}

export function sourceOf(request: Context<ApiEnvironment>, actor: string): AuditSource {
  return {
    actor,
    address: request.get('isLocal') ? 'local' : request.env.address,
    requestId: request.get('requestId'),
  };
}

/** Writes one event. */
export async function writeEvent(
  transaction: Transaction,
  source: AuditSource,
  { owner, ...entry }: AuditEntry & { verdict: 'done' | 'refused'; code: string | null },
): Promise<void> {
  const { organizationId, workspaceId } = owner;
  await writeAuditEvent(transaction, { ...source, ...entry, organizationId, workspaceId, detail: entry.detail ?? {} });
}
