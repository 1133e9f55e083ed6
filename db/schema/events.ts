import { json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { RunChange } from '#core/change.ts';
import type { Status } from '#core/run.ts';
import { counter, createdAt } from './columns.ts';
import { runs } from './runs.ts';

/** What changed, in order: the history of a run. Live readers read the changed rows themselves, by `seq`. */
export const events = pgTable(
  'events',
  {
    runId: uuid()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Of the run: filled in by a trigger (0007). */
    workspaceId: uuid().notNull(),
    seq: counter().notNull(),
    kind: text({ enum: ['run', 'stage', 'gate'] }).notNull(),
    /** Of the stage or gate; empty for the run. */
    name: text().notNull(),
    status: json().$type<Status>().notNull(),
    /** What somebody did, where that is what it tells of. */
    change: json().$type<RunChange>(),
    at: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.seq, table.kind, table.name] })],
);
