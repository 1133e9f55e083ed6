import { sql } from 'drizzle-orm';
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { runs } from './runs.ts';
import { workspaces } from './workspaces.ts';

/** A switch of the installation that is on. */
export const switches = pgTable('switches', {
  name: text({ enum: ['maintenance'] }).primaryKey(),
  since: moment()
    .notNull()
    .default(sql`now()`),
  switchedBy: text().notNull(),
  reason: text(),
});

/** A run that was paused together with all others of its workspace. */
export const incidentPauses = pgTable('incident_pauses', {
  runId: uuid()
    .primaryKey()
    .references(() => runs.id, { onDelete: 'cascade' }),
  workspaceId: uuid()
    .notNull()
    .references(() => workspaces.id, { onDelete: 'cascade' }),
  pausedAt: moment()
    .notNull()
    .default(sql`now()`),
  pausedBy: text().notNull(),
  reason: text(),
  /** The request that holds it. */
  writeId: text(),
});
