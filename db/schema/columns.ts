import { sql } from 'drizzle-orm';
import { bigint, customType, timestamp } from 'drizzle-orm/pg-core';

/** A moment: ISO string in our code, `timestamptz` in the table. */
export const moment = () => timestamp({ withTimezone: true, mode: 'string' });

/** When the row was written first, by the database's clock. */
export const createdAt = () =>
  moment()
    .notNull()
    .default(sql`now()`);

/** Counters that stay far below 2^53. */
export const counter = () => bigint({ mode: 'number' });

/** Bytes as they are. */
export const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
