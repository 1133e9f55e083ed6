import { pgTable, text } from 'drizzle-orm/pg-core';
import { counter, moment } from './columns.ts';

/** What was swept of a kind (core/leftovers.ts) so far, and when it was looked for last. Of the installation, not of a tenant. */
export const sweeps = pgTable('sweeps', {
  kind: text().primaryKey(),
  sweptAt: moment().notNull(),
  removed: counter().notNull().default(0),
  bytes: counter().notNull().default(0),
});
