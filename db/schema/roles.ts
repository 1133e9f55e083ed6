import { integer, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { WorkspaceAction } from '#core/permission.ts';
import { createdAt } from './columns.ts';
import { organizations } from './organizations.ts';
import { teams } from './teams.ts';
import { users } from './users.ts';
import { workspaces } from './workspaces.ts';

/** Roles an organization made itself; the presets are in core/permission.ts. */
export const roles = pgTable(
  'roles',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    actions: json().$type<WorkspaceAction[]>().notNull(),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.organizationId, table.name)],
);

/** A person or a team has a role in a workspace: a preset's name, or that of a row of `roles`. */
export const roleBindings = pgTable(
  'role_bindings',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    userId: uuid().references(() => users.id, { onDelete: 'cascade' }),
    teamId: uuid().references(() => teams.id, { onDelete: 'cascade' }),
    role: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.workspaceId, table.userId), unique().on(table.workspaceId, table.teamId)],
);
