import { bigint, integer, json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { RunInput } from '#core/run.ts';
import { createdAt, moment } from './columns.ts';
import { runs } from './runs.ts';

/** Workflows still to be started. A row goes once Temporal has the workflow, so each is started at least once. */
export const outbox = pgTable('outbox', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  runId: uuid()
    .notNull()
    .references(() => runs.id, { onDelete: 'cascade' }),
  /** Of the run: filled in by a trigger (0007). */
  workspaceId: uuid().notNull(),
  input: json().$type<RunInput>().notNull(),
  /** Of the request that accepted the run: its scope sets it (0006). */
  traceParent: text(),
  tries: integer().notNull().default(0),
  lastError: text(),
  dueAt: moment().notNull(),
  createdAt: createdAt(),
});
