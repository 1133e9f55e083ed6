import type { Transaction } from '#db/client.ts';
import { listOrganizationIdsOf } from '#db/queries/users.ts';
import { writeEvent, type AuditSource } from '../audit/record-audit.ts';

/** What happened to an account or its sign-ins. */
export interface AccountEvent {
  action: 'user.create' | 'user.change' | 'user.password' | 'session.create' | 'session.end';
  /** Null for the local user, who is in every organization. */
  account: { id: string; name: string } | null;
  /** Code of a refusal. */
  refused?: string;
  detail?: Record<string, unknown>;
}

/**
 * Adds to the audit of each organization the account is in: an account belongs to none of them alone. In the transaction
 * of the change.
 */
export async function recordAccountEvent(
  transaction: Transaction,
  source: AuditSource,
  { action, account, refused, detail = {} }: AccountEvent,
): Promise<void> {
  const object = { kind: 'user', id: account?.id ?? 'local', name: account?.name ?? 'local' };
  for (const organizationId of await listOrganizationIdsOf(transaction, account?.id ?? null)) {
    await writeEvent(transaction, source, {
      ...{ action, owner: { organizationId, workspaceId: null }, object, detail },
      ...{ verdict: refused === undefined ? 'done' : 'refused', code: refused ?? null },
    });
  }
}
