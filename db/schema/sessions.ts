import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';
import { users } from './users.ts';

/** Sign-ins of browsers (I19); without a user it is the local one, from `buildit open`. */
export const sessions = pgTable('sessions', {
  id: uuid().primaryKey(),
  tokenHash: text().notNull().unique(),
  previousHash: text().unique(),
  userId: uuid().references(() => users.id, { onDelete: 'cascade' }),
  address: text().notNull(),
  agent: text().notNull(),
  authenticatedAt: moment().notNull(),
  rotatedAt: moment().notNull(),
  lastSeenAt: moment().notNull(),
  expiresAt: moment().notNull(),
  revokedAt: moment(),
  createdAt: createdAt(),
});
