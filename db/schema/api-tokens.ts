import { json, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Action } from '#core/permission.ts';
import { createdAt, moment } from './columns.ts';
import { organizations } from './organizations.ts';
import { users } from './users.ts';
import { workspaces } from './workspaces.ts';

/** Tokens for programs (I21): the creator's rights at the moment of use, and of those only the scopes. */
export const apiTokens = pgTable('api_tokens', {
  id: uuid().primaryKey(),
  organizationId: uuid()
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  workspaceId: uuid().references(() => workspaces.id, { onDelete: 'cascade' }),
  userId: uuid()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  createdBy: text().notNull(),
  name: text().notNull(),
  scopes: json().$type<Action[]>().notNull(),
  tokenHash: text().notNull().unique(),
  prefix: text().notNull(),
  lastFour: text().notNull(),
  expiresAt: moment().notNull(),
  lastUsedAt: moment(),
  lastAddress: text(),
  revokedAt: moment(),
  createdAt: createdAt(),
});
