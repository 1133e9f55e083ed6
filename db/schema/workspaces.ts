import { integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
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
    /** Share of starts against other workspaces that wait too, 1 to 1000. */
    weight: integer().notNull().default(1),
    /** Null: as the installation has it. */
    retentionDays: integer(),
    version: integer().notNull().default(1),
    /** Of its last change; null while it is as it was made. */
    updatedBy: text(),
  },
  (table) => [unique().on(table.organizationId, table.name)],
);
