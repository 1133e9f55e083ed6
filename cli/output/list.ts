import type { Page } from '#core/rest.ts';
import type { AnyCall } from '../call.ts';
import { type PrintOptions, printObjects } from './print.ts';
import type { Column } from './table.ts';

/** The API gives at most so many entries a page. */
const PAGE = 200;

/** How a list is asked for and shown. */
export interface ListOptions<Item extends object> {
  readPage: (query: { limit: number; cursor: string | null }) => Promise<Page<Item>>;
  columns: readonly Column<Item>[];
  nameOf: (item: Item) => string;
  /** Said on stderr when there is nothing: what is missing, and the next command. */
  empty: string;
}

/** Prints a list page by page up to `--limit`, or `--all`. */
export async function printList<Item extends object>(call: AnyCall, options: ListOptions<Item>): Promise<void> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const limit = call.limit === null ? PAGE : Math.min(PAGE, call.limit - items.length);
    const page: Page<Item> = await options.readPage({ limit, cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && (call.limit === null || items.length < call.limit));
  await printWhole(call, items, options);
  if (cursor !== null) call.screen.say(`There are more: --limit ${items.length * 2} or --all\n`);
}

/** Prints a list that is there already. */
export async function printWhole<Item extends object>(
  call: AnyCall,
  items: readonly Item[],
  { columns, nameOf, empty }: Omit<ListOptions<Item>, 'readPage'>,
): Promise<void> {
  if (items.length === 0) call.screen.say(`${empty}\n`);
  if (items.length > 0 || call.format !== 'table') {
    await printObjects(call.screen, { items, columns, nameOf, isList: true }, printOptions(call));
  }
}

/** One object: a table of one row, or the object as data. */
export async function printObject<Item extends object>(
  call: AnyCall,
  item: Item,
  { columns, nameOf }: Pick<ListOptions<Item>, 'columns' | 'nameOf'>,
): Promise<void> {
  await printObjects(call.screen, { items: [item], columns, nameOf, isList: false }, printOptions(call));
}

export function printOptions({ format, options }: Pick<AnyCall, 'format' | 'options'>): PrintOptions {
  return { format, fields: options.fields, 'no-headers': options['no-headers'] };
}
