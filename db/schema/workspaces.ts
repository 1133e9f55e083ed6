import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';
import { organizations } from './organizations.ts';

/** What pipelines and runs belong to. Local runs live in `main/main` (ENGINE 13). */
export const workspaces = pgTable(
  'workspaces',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id),
    name: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.organizationId, table.name)],
);
