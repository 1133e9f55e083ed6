import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { counter } from './columns.ts';

/** The last number drawn in a scope: `local` is the one counter of the data folder (ENGINE 13). */
export const runCounters = pgTable('run_counters', {
  scope: text().primaryKey(),
  lastNumber: counter().notNull().default(0),
});

/** A number that was drawn; its row's lock orders the re-runs of it (ENGINE 14). */
export const runNumbers = pgTable(
  'run_numbers',
  {
    scope: text().notNull(),
    number: counter().notNull(),
    lastAttempt: integer().notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.scope, table.number] })],
);
