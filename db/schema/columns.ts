import { sql } from 'drizzle-orm';
import { bigint, timestamp } from 'drizzle-orm/pg-core';

/** A moment: ISO string in our code, `timestamptz` in the table. */
export const moment = () => timestamp({ withTimezone: true, mode: 'string' });

/** When the row was written first, by the database's clock. */
export const createdAt = () =>
  moment()
    .notNull()
    .default(sql`now()`);

/** Counters that stay far below 2^53. */
export const counter = () => bigint({ mode: 'number' });
