import { integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';
import { runs } from './runs.ts';
import { workspaces } from './workspaces.ts';

/** A Markdown note that a stage left on its run. */
export const notes = pgTable(
  'notes',
  {
    id: uuid().primaryKey(),
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Of the run: filled in by a trigger (0009). */
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    stage: text().notNull(),
    attempt: integer().notNull(),
    name: text().notNull(),
    text: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.runId, table.stage, table.attempt, table.name)],
);
