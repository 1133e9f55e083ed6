import type { LogDocument } from '../model/log-document.ts';
import type { Row } from '../model/rows.ts';
import { SHOWN_CHARACTERS } from '../text/line-parts.ts';
import { drawLine, type LineLook } from './draw-line.ts';
import { drawRow } from './draw-row.ts';
import type { LineLooks } from './line-looks.ts';
import type { PlacedRow } from './row-layer.ts';
import type { Scroller } from './scroller.ts';

/** Rows kept on either side of what is seen. */
const SPARE_ROWS = 12;
/** Rows stand relative to a place that seldom changes, px: browsers lose precision in places far from it. */
const BASE = 100_000;
const TAB_COLUMNS = 8;
/** Characters of two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/gu;

/** The rows that are to be seen now, the lines among them, and the place that they stand relative to. */
export function placeRows(
  log: LogDocument,
  looks: LineLooks,
  { heights, top, view }: Pick<Scroller, 'heights' | 'top' | 'view'>,
  /** Told of each line that is drawn: how many columns it has. */
  onColumns: (columns: number) => void,
): { placed: PlacedRow[]; lines: number[]; base: number } {
  const first = Math.max(heights.rowAt(top) - SPARE_ROWS, 0);
  const last = Math.min(heights.rowAt(top + view) + SPARE_ROWS, log.rows.count - 1);
  const base = Math.floor(top / BASE) * BASE;
  const placed: PlacedRow[] = [];
  const lines: number[] = [];
  for (let row = first; row <= last; row++) {
    const one = log.rows.at(row);
    if (!one) continue;
    const at = { row, top: heights.topOf(row) - base };
    if (one.kind !== 'line') {
      const draw = (element: HTMLElement) => drawRow(element, one);
      // How many lines there are is said of a folded step alone.
      const look = JSON.stringify(one.kind === 'group' && !one.isFolded ? { ...one, lines: 0 } : one);
      placed.push({ ...at, key: keyOf(one), look, isTall: false, draw });
      continue;
    }
    const look = looks.lookOf(one.n);
    const draw = (element: HTMLElement) => {
      drawLine(element, one.n, look);
      onColumns(countColumns(look));
    };
    lines.push(one.n);
    placed.push({ ...at, key: keyOf(one), look, isTall: look.hasEarlier, draw });
  }
  return { placed, lines, base };
}

function keyOf(row: Row): string {
  switch (row.kind) {
    case 'line':
      return `L${row.n}`;
    case 'group':
      return `G${row.group.step}`;
    case 'gap':
      return `X${row.gap.line}-${row.gap.fromAt}`;
    case 'skipped':
      return `S${row.from}`;
    default:
      return row satisfies never;
  }
}

/** About: escape sequences count as well, so it is never less than what is drawn. */
function countColumns({ line, isWhole }: LineLook): number {
  if (!line) return 0;
  const last = line.text.slice(line.text.replace(/\r+$/, '').lastIndexOf('\r') + 1);
  const text = isWhole ? last : last.slice(0, SHOWN_CHARACTERS);
  return text.length + (text.match(WIDE)?.length ?? 0) + (text.split('\t').length - 1) * (TAB_COLUMNS - 1);
}
