import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** Failed guesses, by what was guessed at; they outlive a restart. */
export const loginFailures = pgTable('login_failures', {
  key: text().primaryKey(),
  failures: integer().notNull(),
  lastAt: moment().notNull(),
  blockedUntil: moment(),
});
