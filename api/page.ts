import { createHash } from 'node:crypto';
import type { Page } from '#core/rest.ts';
import { ProblemError } from './problem.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** A place in a list; opaque to clients, and good for the same filter alone. */
export interface Cursor {
  direction: 'older' | 'newer';
  id: string;
}

export function readCursor(text: string | undefined, filter: object): Cursor | null {
  if (text === undefined) return null;
  const match = /^(?<mark>[0-9a-f]{8})(?<direction>[on])(?<id>[0-9a-f-]{36})$/.exec(
    Buffer.from(text, 'base64url').toString('latin1'),
  )?.groups;
  if (!match?.['id']) throw new ProblemError(400, 'cursor-invalid', 'the cursor is none of ours');
  if (match['mark'] !== digestFilter(filter)) {
    throw new ProblemError(400, 'cursor-foreign', 'the cursor belongs to a list with another filter');
  }
  return { direction: match['direction'] === 'o' ? 'older' : 'newer', id: match['id'] };
}

function writeCursor(cursor: Cursor, filter: object): string {
  const text = `${digestFilter(filter)}${cursor.direction === 'older' ? 'o' : 'n'}${cursor.id}`;
  return Buffer.from(text, 'latin1').toString('base64url');
}

/**
 * A page, newest first, of rows that were fetched from `cursor` on with one more than `limit`: that one only says that
 * there is another page.
 */
export function toPage<Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  cursor: Cursor | null,
  filter: object,
  toItem: (row: Row) => Item,
): Page<Item> {
  const isBackward = cursor?.direction === 'newer';
  const hasMore = rows.length > limit;
  const shown = hasMore ? (isBackward ? rows.slice(1) : rows.slice(0, limit)) : rows;
  const [first, last] = [shown.at(0), shown.at(-1)];
  const hasOlder = isBackward ? shown.length > 0 : hasMore;
  const hasNewer = isBackward ? hasMore : cursor !== null;
  return {
    items: shown.map(toItem),
    next: hasOlder && last ? writeCursor({ direction: 'older', id: last.id }, filter) : null,
    prev: hasNewer && first ? writeCursor({ direction: 'newer', id: first.id }, filter) : null,
  };
}

/** The page that `limit` and `cursor` of a query ask for, of a list that is read newest first by its ids. */
export async function readPage<Row extends { id: string }, Item>(
  query: { limit?: number | undefined; cursor?: string | undefined },
  filter: object,
  read: (from: Cursor | null, limit: number) => Promise<readonly Row[]>,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const { limit = DEFAULT_LIMIT } = query;
  const cursor = readCursor(query.cursor, filter);
  return toPage(await read(cursor, limit), limit, cursor, filter, toItem);
}

/**
 * Of each item the named fields alone, and its id. Throws 400 `field-unknown` for what no item of the schema has; one
 * that only some items have is left out of the others.
 */
export function pickFields<Item extends { id: string }>(
  items: readonly Item[],
  fields: string | undefined,
  schema: { shape: object },
): Partial<Item>[] {
  if (fields === undefined) return [...items];
  const names = new Set(['id', ...fields.split(',')]);
  const unknown = [...names].find((name) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) throw new ProblemError(400, 'field-unknown', `there is no field ${unknown}`);
  return items.map((item) => {
    const kept = Object.entries(item).filter(([name]) => names.has(name));
    return Object.fromEntries(kept) as Partial<Item>;
  });
}

function digestFilter(filter: object): string {
  return createHash('sha256').update(JSON.stringify(filter)).digest('hex').slice(0, 8);
}
