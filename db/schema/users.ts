import { boolean, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';

/** Accounts of people. Not readable by the role of requests, like all tables about people. */
export const users = pgTable('users', {
  id: uuid().primaryKey(),
  name: text().notNull().unique(),
  email: text().notNull().unique(),
  displayName: text().notNull(),
  passwordHash: text(),
  isOperator: boolean().notNull().default(false),
  disabledAt: moment(),
  lastSeenAt: moment(),
  createdAt: createdAt(),
});
