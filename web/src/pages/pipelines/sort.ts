import type { Column } from '../../ui/table.tsx';

/** What the server sorts pipelines by (UI §4.2), with the direction that a first press means. */
const FIRST_DESCENDING = { name: false, 'last-run': true, median: true, 'pass-rate': false };
export type SortKey = keyof typeof FIRST_DESCENDING;

/** `median` from the least, `-median` from the greatest; null is newest first. */
export type Sort = SortKey | `-${SortKey}` | null;

export function readSort(text: string | null): Sort {
  return text !== null && Object.hasOwn(FIRST_DESCENDING, text.replace(/^-/, '')) ? (text as Sort) : null;
}

/** Head of a column: pressed once it sorts, then the other way round, then no longer. */
export function sortOf(key: SortKey, sort: Sort, onSort: (sort: Sort) => void): NonNullable<Column<never>['sort']> {
  const [first, second]: Sort[] = FIRST_DESCENDING[key] ? [`-${key}`, key] : [key, `-${key}`];
  return {
    direction: sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : 'none',
    onSort: () => onSort((sort === first ? second : sort === second ? null : first) ?? null),
  };
}
