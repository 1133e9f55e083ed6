import { json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { counter, moment } from './columns.ts';
import { organizations } from './organizations.ts';

/** What was done or refused: only ever added, chained by hashes (0003_audit.sql). */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Not a reference: what was done in a workspace outlives it. */
    workspaceId: uuid(),
    /** Place in the chain, from 1; null until the transaction commits. */
    seq: counter(),
    at: moment().notNull(),
    actor: text().notNull(),
    action: text().notNull(),
    objectKind: text().notNull(),
    objectId: text().notNull(),
    objectName: text().notNull(),
    verdict: text({ enum: ['done', 'refused'] }).notNull(),
    code: text(),
    address: text().notNull(),
    requestId: text().notNull(),
    detail: json().$type<Record<string, unknown>>().notNull(),
    digest: text().notNull(),
    hash: text(),
  },
  (table) => [unique().on(table.organizationId, table.seq)],
);

/** The end of each organization's chain. */
export const auditHeads = pgTable('audit_heads', {
  organizationId: uuid()
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  seq: counter().notNull(),
  hash: text().notNull(),
});
