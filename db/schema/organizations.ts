import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';

/** Who owns workspaces. `main` is there from the start. */
export const organizations = pgTable('organizations', {
  id: uuid().primaryKey(),
  name: text().notNull().unique(),
  createdAt: createdAt(),
  version: integer().notNull().default(1),
});
