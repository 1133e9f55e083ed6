import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** A machine that takes stages, with its labels (`runs-on`). Of no workspace. */
export const runners = pgTable('runners', {
  hostId: text().primaryKey(),
  queue: text().notNull(),
  labels: jsonb().$type<string[]>().notNull(),
  /** Renewed while its worker lives; `infinity` for the one machine of an embedded engine. */
  aliveUntil: moment().notNull(),
  /** When it said so last. The others are null for a worker of an older version. */
  seenAt: moment()
    .notNull()
    .default(sql`now()`),
  version: text(),
  maxStages: integer(),
  /** Whether it executes stages without isolation, too. */
  processExecutor: boolean(),
});
