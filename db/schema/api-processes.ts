import { pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** A process of the API. Of no workspace. */
export const apiProcesses = pgTable('api_processes', {
  /** Machine and where it listens there: one that is started again is the same. */
  name: text().primaryKey(),
  version: text().notNull(),
  /** Renewed while it lives. */
  aliveUntil: moment().notNull(),
  /** When it said so last. */
  seenAt: moment().notNull(),
});
