import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';
import { workspaces } from './workspaces.ts';

/** Where pipelines have their source from. */
export const repositories = pgTable(
  'repositories',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    url: text().notNull(),
    defaultBranch: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.workspaceId, table.name)],
);
