import { boolean, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';

/** The claim of a run on a host: a lease by the database's clock (ARCHITECTURE §3.9). */
export const hostClaims = pgTable(
  'host_claims',
  {
    runId: uuid().notNull(),
    hostId: text().notNull(),
    queue: text().notNull(),
    leaseMs: integer().notNull(),
    renewedAt: moment().notNull(),
    lost: boolean().notNull().default(false),
    released: boolean().notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.hostId] })],
);
