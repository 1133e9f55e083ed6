import { json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { OrganizationRole } from '#core/permission.ts';
import { createdAt, moment } from './columns.ts';
import { organizations } from './organizations.ts';
import { users } from './users.ts';

/** Asks somebody to join an organization, by a link that works once. */
export const invitations = pgTable('invitations', {
  id: uuid().primaryKey(),
  organizationId: uuid()
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  email: text().notNull(),
  role: text().$type<OrganizationRole>().notNull(),
  bindings: json().$type<{ workspaceId: string; role: string }[]>().notNull(),
  tokenHash: text().notNull().unique(),
  invitedBy: text().notNull(),
  /** Whose rights it was made with; null for the local user. */
  inviterId: uuid().references(() => users.id, { onDelete: 'cascade' }),
  expiresAt: moment().notNull(),
  acceptedAt: moment(),
  revokedAt: moment(),
  createdAt: createdAt(),
});
