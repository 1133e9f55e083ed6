import { type AnyPgColumn, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { createdAt } from './columns.ts';
import { organizations } from './organizations.ts';
import { users } from './users.ts';

/** Groups of people, nested: who is in one is in those above it. */
export const teams = pgTable(
  'teams',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    parentId: uuid().references((): AnyPgColumn => teams.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.organizationId, table.name)],
);

export const teamMembers = pgTable(
  'team_members',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.userId] })],
);
