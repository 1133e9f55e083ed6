import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** What the reconciler found amiss and did not repair. Of the installation, not of a tenant. */
export const findings = pgTable(
  'findings',
  {
    kind: text().notNull(),
    /** What it is about: a run's id, a host. */
    subject: text().notNull(),
    message: text().notNull(),
    firstSeenAt: moment().notNull(),
    seenAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.subject] })],
);
