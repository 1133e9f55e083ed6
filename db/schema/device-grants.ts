import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';
import { sessions } from './sessions.ts';
import { users } from './users.ts';

/** Sign-ins of a command line under way (RFC 8628). */
export const deviceGrants = pgTable('device_grants', {
  id: uuid().primaryKey(),
  deviceCodeHash: text().notNull().unique(),
  userCodeHash: text().notNull().unique(),
  client: text().notNull(),
  address: text().notNull(),
  state: text().$type<'pending' | 'approved' | 'denied' | 'used'>().notNull(),
  userId: uuid().references(() => users.id, { onDelete: 'cascade' }),
  sessionId: uuid().references(() => sessions.id, { onDelete: 'cascade' }),
  lastPolledAt: moment(),
  expiresAt: moment().notNull(),
  createdAt: createdAt(),
});
