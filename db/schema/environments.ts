import { integer, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { EnvironmentLock } from '#core/rest-environments.ts';
import { createdAt } from './columns.ts';
import { workspaces } from './workspaces.ts';

/** What is delivered to: production, staging. `position` is the order in which people look at them. */
export const environments = pgTable(
  'environments',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    description: text().notNull().default(''),
    position: integer().notNull().default(0),
    lock: json().$type<EnvironmentLock>(),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.workspaceId, table.name)],
);
