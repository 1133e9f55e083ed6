import type { Queryable } from '../client.ts';

/** Where a page begins, in a list whose order is that of ids (UUIDv7: of creation). */
export interface Keyset {
  direction: 'older' | 'newer';
  id: string;
}

/** The end of a query for a page, newest first: condition, order and one row more than `limit`. */
export function pageFrom(sql: Queryable, column: string, from: Keyset | null, limit: number) {
  const id = sql(column);
  const isBackward = from?.direction === 'newer';
  const edge = from === null ? sql`` : isBackward ? sql`AND ${id} > ${from.id}` : sql`AND ${id} < ${from.id}`;
  return sql`${edge} ORDER BY ${id} ${isBackward ? sql`ASC` : sql`DESC`} LIMIT ${limit + 1}`;
}

/** The rows of such a query, newest first whichever way they were read. */
export function newestFirst<Row>(rows: readonly Row[], from: Keyset | null): Row[] {
  return from?.direction === 'newer' ? rows.toReversed() : [...rows];
}
