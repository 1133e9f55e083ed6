import { createHash } from 'node:crypto';
import type { AuditRow } from './rows.ts';

/** What an event says: all columns but its place in the chain and what seals it. */
export type AuditContent = Omit<AuditRow, 'seq' | 'digest' | 'hash'>;

/** What the first row of a chain stands on. */
export const FIRST_HASH = '0'.repeat(64);

/** SHA-256, hex, of what an event says: the same whether taken before it is written or from its row. */
export function digestEvent(event: AuditContent): string {
  const { id, organizationId, workspaceId, at, actor, action, objectKind, objectId, objectName } = event;
  const { verdict, code, address, requestId, detail } = event;
  return hash(
    canonicalJson([
      ...[id, organizationId, workspaceId, at, actor, action, objectKind, objectId, objectName],
      ...[verdict, code, address, requestId, detail],
    ]),
  );
}

/** The hash of a row on the one before it; the database's `chain_hash` says the same. */
export function chainHash(previous: string, seq: number, digest: string): string {
  return hash(`${previous} ${seq} ${digest}`);
}

/** JSON without a choice: names sorted by code unit, no white space (RFC 8785, whose numbers and texts are JavaScript's). */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(',')}}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
