import { sql } from 'drizzle-orm';
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';
import { users } from './users.ts';

/** Sign-ins of command lines (I22): an access token for an hour, a refresh token that works once. */
export const cliSessions = pgTable('cli_sessions', {
  id: uuid().primaryKey(),
  userId: uuid()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  client: text().notNull(),
  address: text().notNull(),
  accessHash: text().notNull().unique(),
  accessExpiresAt: moment().notNull(),
  refreshHash: text().notNull().unique(),
  refreshedAt: moment().notNull(),
  authenticatedAt: moment().notNull(),
  lastSeenAt: moment().notNull(),
  expiresAt: moment().notNull(),
  revokedAt: moment(),
  createdAt: createdAt(),
});

export const usedRefreshTokens = pgTable('used_refresh_tokens', {
  tokenHash: text().primaryKey(),
  cliSessionId: uuid()
    .notNull()
    .references(() => cliSessions.id, { onDelete: 'cascade' }),
  usedAt: moment()
    .notNull()
    .default(sql`now()`),
});
