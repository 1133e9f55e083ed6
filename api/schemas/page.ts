import * as z from 'zod/mini';
import { MAX_LIMIT } from '../page.ts';

/** A list (UI §9). With `?fields=` its items have those alone, so no field of an item is required there. */
export function pageOf<Item extends z.ZodMiniType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    next: z.nullable(z.string()),
    prev: z.nullable(z.string()),
    total: z.exactOptional(z.int()),
    topic: z.exactOptional(z.string()),
    seq: z.exactOptional(z.int()),
  });
}

/** Query parameters of a list that is read page by page. */
export const pageQuery = {
  limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(MAX_LIMIT))),
  cursor: z.optional(z.string()),
};

/** A list that is whole. */
export function wholePage<Item>(items: Item[]): { items: Item[]; next: null; prev: null; total: number } {
  return { items, next: null, prev: null, total: items.length };
}
