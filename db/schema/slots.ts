import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { runs } from './runs.ts';
import { workspaces } from './workspaces.ts';

/** A place of a workspace whose stages at once are limited: of a stage that executes, or waits for one to be free. */
export const slots = pgTable(
  'slots',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Leg. */
    stage: text().notNull(),
    /** 1 first, 5 last. */
    priority: integer().notNull(),
    askedAt: moment().notNull(),
    /** Null while it waits. */
    takenAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.stage] }),
    index().on(table.workspaceId, table.priority, table.askedAt),
  ],
);
