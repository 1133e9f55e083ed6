import { boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';
import { runs } from './runs.ts';
import { workspaces } from './workspaces.ts';

/** A terminal that somebody opened in a stage. Its bytes pass through notifications and are kept nowhere. */
export const shells = pgTable(
  'shells',
  {
    id: uuid().primaryKey(),
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Of the run: filled in by a trigger (0011). */
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    stage: text().notNull(),
    attempt: integer().notNull(),
    /** Who opens it: the host that has, or had, the attempt. */
    hostId: text().notNull(),
    openedBy: text().notNull(),
    /** Whether the stage's secrets are released into it. */
    secrets: boolean().notNull(),
    terminalRows: integer().notNull(),
    terminalColumns: integer().notNull(),
    state: text({ enum: ['asked', 'open', 'ended'] })
      .notNull()
      .default('asked'),
    createdAt: createdAt(),
    endedAt: moment(),
    /** When its host last heard of the person; null until a host has taken it. */
    beatAt: moment(),
  },
  (table) => [index().on(table.runId, table.stage, table.attempt)],
);
