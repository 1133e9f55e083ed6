import { pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';

/** Links that sign in once: the first visit, `buildit open`. */
export const oneTimeLinks = pgTable('one_time_links', {
  tokenHash: text().primaryKey(),
  purpose: text().$type<'setup' | 'open'>().notNull(),
  expiresAt: moment().notNull(),
  usedAt: moment(),
  createdAt: createdAt(),
});
