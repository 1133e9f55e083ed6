import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { OrganizationRole } from '#core/permission.ts';
import { createdAt } from './columns.ts';
import { organizations } from './organizations.ts';
import { users } from './users.ts';

/** Who is in an organization, as what. */
export const organizationMembers = pgTable(
  'organization_members',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text().$type<OrganizationRole>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.organizationId, table.userId)],
);
