import { ArrowDown, ArrowUp } from 'lucide-react';
import { memo, type ReactNode, useDeferredValue } from 'react';
import { joinClasses } from './join-classes.ts';
import { AfterAMoment, SkeletonRows } from './skeleton.tsx';

export interface Column<Item> {
  key: string;
  head: string;
  cell(item: Item): ReactNode;
  /** As CSS writes it; columns without one share the rest. */
  width?: string;
  align?: 'left' | 'right';
  /** Only on columns that the server sorts by index. */
  sort?: { direction: 'ascending' | 'descending' | 'none'; onSort(): void };
  /** Left out below 1024 px, where a row has no room for it. */
  isSecondary?: boolean;
  /** The same below 1280 px. */
  isWide?: boolean;
  /** The head is read out and not shown: icons, actions. */
  isHeadHidden?: boolean;
}

export interface TableProps<Item> {
  /** What it lists, for assistive technology. */
  label: string;
  columns: readonly Column<Item>[];
  /** Undefined while it loads. */
  items: readonly Item[] | undefined;
  keyOf(item: Item): string;
  /** In place of the rows when there are none. */
  empty: ReactNode;
  /** In place of the rows when they could not be had. */
  error?: ReactNode;
  isDense?: boolean;
  /** How many rows there were last time; 8 when nobody knows. */
  expectedRows?: number;
  isSelected?(item: Item): boolean;
}

/** A page of a list. */
const FEW = 50;
/** A screen of 1,080 px beside the rest of its page. */
const FEW_DENSE = 30;

/**
 * Rows with a head that stays in view. Below 640 px each row becomes a list of labels and values. `j` and `k` focus
 * rows; Enter opens the row's first link; `.` opens its actions (`data-row-actions`); Space its checkbox.
 */
export function Table<Item>(props: TableProps<Item>) {
  const { label, columns, items, keyOf, empty, error, isDense = false, expectedRows, isSelected } = props;
  const few = isDense ? FEW_DENSE : FEW;
  // The first screen at once, the rest when no input waits.
  const count = Math.max(few, useDeferredValue(items?.length ?? 0, few));
  if (error) return error;
  if (!items) {
    return (
      <AfterAMoment>
        <p role="status" className="sr-only">
          Loading {label}
        </p>
        <SkeletonRows rows={expectedRows ?? 8} isDense={isDense} />
      </AfterAMoment>
    );
  }
  if (items.length === 0) return empty;
  return (
    <table aria-label={label} className="w-full table-fixed border-collapse text-left text-13 max-sm:block">
      <thead className="sticky top-0 z-10 bg-raised max-sm:sr-only">
        <tr>
          {columns.map((column) => (
            <Head key={column.key} column={column} />
          ))}
        </tr>
      </thead>
      <tbody className="max-sm:block">
        {items.slice(0, count).map((item) => (
          <Row key={keyOf(item)} id={keyOf(item)} isSelected={isSelected?.(item)} {...{ item, columns, isDense }} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps<Item> {
  id: string;
  item: Item;
  columns: readonly Column<Item>[];
  isDense: boolean;
  isSelected: boolean | undefined;
}

/** Drawn again when its item or the columns are others: who has many rows keeps both. */
const Row = memo(function Row<Item>({ id, item, columns, isDense, isSelected }: RowProps<Item>) {
  return (
    <tr
      data-row={id}
      tabIndex={-1}
      aria-selected={isSelected}
      className={joinClasses(
        'group relative border-b border-subtle -outline-offset-2 last:border-b-0 hover:bg-hover aria-selected:bg-active max-sm:block max-sm:h-auto max-sm:px-4 max-sm:py-2',
        isDense ? 'h-7' : 'h-9',
      )}
    >
      {columns.map((column) => (
        <td
          key={column.key}
          data-label={column.isHeadHidden ? undefined : column.head}
          className={joinClasses(
            'truncate px-2 first:pl-4 last:pr-4 max-sm:flex max-sm:whitespace-normal max-sm:items-baseline max-sm:gap-2 max-sm:p-0 max-sm:py-0.5 max-sm:first:pl-0 max-sm:last:pr-0 max-sm:before:w-24 max-sm:before:shrink-0 max-sm:before:text-12 max-sm:before:text-3 max-sm:before:content-[attr(data-label)] max-sm:[&:not([data-label])]:before:hidden',
            column.align === 'right' && 'tabular text-right max-sm:text-left',
            column.isSecondary && 'max-lg:hidden',
            column.isWide && 'max-xl:hidden',
          )}
        >
          {column.cell(item)}
        </td>
      ))}
    </tr>
  );
}) as <Item>(props: RowProps<Item>) => ReactNode;

function Head<Item>({ column }: { column: Column<Item> }) {
  const { head, width, align, sort, isSecondary, isWide, isHeadHidden } = column;
  const Arrow = sort?.direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      style={width ? { width } : undefined}
      aria-sort={sort && sort.direction !== 'none' ? sort.direction : undefined}
      className={joinClasses(
        'h-8 truncate border-b border-subtle px-2 text-12 font-medium text-2 first:pl-4 last:pr-4',
        align === 'right' && 'text-right',
        isSecondary && 'max-lg:hidden',
        isWide && 'max-xl:hidden',
      )}
    >
      {sort ? (
        <button type="button" onClick={sort.onSort} className="inline-flex items-center gap-1 rounded-4 hover:text-1">
          {head}
          <Arrow size={12} aria-hidden className={sort.direction === 'none' ? 'opacity-0' : ''} />
        </button>
      ) : isHeadHidden ? (
        <span className="sr-only">{head}</span>
      ) : (
        head
      )}
    </th>
  );
}
