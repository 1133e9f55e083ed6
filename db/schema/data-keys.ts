import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, counter, createdAt, moment } from './columns.ts';
import { organizations } from './organizations.ts';

/** A key that seals the secrets of one organization, itself sealed by a master key that is not in the database. */
export const dataKeys = pgTable('data_keys', {
  id: uuid().primaryKey(),
  organizationId: uuid()
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  masterKeyId: text().notNull(),
  iv: bytes().notNull(),
  wrapped: bytes().notNull(),
  tag: bytes().notNull(),
  writes: counter().notNull().default(0),
  /** Since then it opens what it sealed and seals no more. */
  retiredAt: moment(),
  createdAt: createdAt(),
});
