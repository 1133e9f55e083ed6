import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';
import { workspaces } from './workspaces.ts';

/** A pipeline; a local one is its file's absolute path, shown by the name its file gives it (ENGINE 13). */
export const pipelines = pgTable(
  'pipelines',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    origin: text({ enum: ['local'] }).notNull(),
    path: text().notNull(),
    name: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.workspaceId, table.origin, table.path)],
);
