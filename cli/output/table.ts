import type { Style } from '../terminal/color.ts';
import { oneLine } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';
import { cutEnd, cutMiddle, measureWidth, padEnd, padStart } from '../terminal/width.ts';

/** A column of a table; earlier ones are more important and stay longer on a narrow terminal. */
export interface Column<Item> {
  header: string;
  valueOf: (item: Item) => string;
  style?: (item: Item) => Style | null;
  align?: 'right';
  /** `never` for ids and states; names shorten in the middle, texts at the end. */
  shorten?: 'never' | 'middle' | 'end';
}

const GAP = '  ';
/** A shortened column keeps at least this many columns. */
const LEAST = 12;

/**
 * Rows under headers. On a terminal the table fits its width: texts and names shorten,
 * then columns drop from the right. Elsewhere nothing is cut, and nothing is padded after
 * the last column (UI §8, Width). What others have written stays in its cell: no line break, no escape sequence.
 */
export function renderTable<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  screen: Pick<Screen, 'columns' | 'paintOut' | 'marks'>,
  noHeaders: boolean,
): string {
  const room = screen.columns();
  let shown = columns.map((column) => ({ column, width: widthOf(items, column, noHeaders) }));
  if (room !== null) {
    const total = () => shown.reduce((sum, { width }) => sum + width, GAP.length * (shown.length - 1));
    for (const entry of shown.toReversed()) {
      if (total() <= room || (entry.column.shorten ?? 'never') === 'never') continue;
      entry.width = Math.max(Math.min(entry.width, LEAST), entry.width - (total() - room));
    }
    while (total() > room && shown.length > 1) shown = shown.slice(0, -1);
  }
  const line = (cells: readonly string[]) => cells.join(GAP).trimEnd();
  const header = line(shown.map(({ column, width }) => fit(column.header, width, column, screen)));
  const rows = items.map((item) =>
    line(
      shown.map(({ column, width }, index) => {
        const style = column.style?.(item) ?? null;
        const text = fit(oneLine(column.valueOf(item)), width, column, screen);
        const isLast = index === shown.length - 1;
        return style === null ? text : screen.paintOut(style, isLast ? text.trimEnd() : text);
      }),
    ),
  );
  const lines = noHeaders ? rows : [screen.paintOut('dim', header), ...rows];
  return lines.map((text) => `${text}\n`).join('');
}

function widthOf<Item>(items: readonly Item[], column: Column<Item>, noHeaders: boolean): number {
  return Math.max(
    noHeaders ? 0 : measureWidth(column.header),
    ...items.map((item) => measureWidth(oneLine(column.valueOf(item)))),
  );
}

function fit<Item>(text: string, width: number, column: Column<Item>, screen: Pick<Screen, 'marks'>): string {
  const cut = column.shorten === 'middle' ? cutMiddle : cutEnd;
  const short =
    column.shorten === undefined || column.shorten === 'never' ? text : cut(text, width, screen.marks.ellipsis);
  return column.align === 'right' ? padStart(short, width) : padEnd(short, width);
}
