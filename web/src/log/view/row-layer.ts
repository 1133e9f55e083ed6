import { makeElement } from './make-element.ts';

/** One row to be on screen. */
export interface PlacedRow {
  /** The same for the same line or head, wherever it stands. */
  key: string;
  row: number;
  /** From the layer's own top. */
  top: number;
  /** What it looks like; equal looks are not drawn again. */
  look: string | object;
  /** Higher than a line: it shows what it was written over with. */
  isTall: boolean;
  draw(element: HTMLElement): void;
}

export interface RowLayer {
  element: HTMLElement;
  /** Shows these rows, in their order; elements of rows that went are used again. */
  show(rows: readonly PlacedRow[], held: ReadonlySet<HTMLElement>): void;
  /** Where the layer's own top is, from the top of what is seen: scrolling moves the layer, not its rows. */
  moveTo(top: number): void;
  elementOf(key: string): HTMLElement | null;
  /** Height of each row that is shown. */
  measure(): { row: number; height: number }[];
}

interface Shown {
  element: HTMLElement;
  row: number;
  look: string | object | null;
  top: number;
}

/**
 * Rows that are seen, as elements in the order of the log: so a selection made with the mouse covers what it seems to.
 * A row in which a selection begins or ends is held when it is scrolled out of view.
 */
export function createRowLayer(): RowLayer {
  const element = makeElement('div', 'log-layer');
  const shown = new Map<string, Shown>();
  const free: HTMLElement[] = [];

  function take(): HTMLElement {
    return free.pop() ?? makeElement('div', 'log-row');
  }

  let movedTo = Number.NaN;
  return {
    element,
    moveTo(top) {
      if (movedTo !== top) element.style.transform = `translateY(${top}px)`;
      movedTo = top;
    },
    show(rows, held) {
      const wanted = new Set(rows.map(({ key }) => key));
      for (const [key, { element: row }] of shown) {
        if (wanted.has(key) || held.has(row)) continue;
        shown.delete(key);
        row.remove();
        if (free.length < 100) free.push(row);
      }
      for (const { key, row, top, look, draw } of rows) {
        let one = shown.get(key);
        if (!one) {
          one = { element: take(), row, look: null, top: Number.NaN };
          one.element.dataset['key'] = key;
          shown.set(key, one);
        }
        one.row = row;
        if (one.look !== look) {
          draw(one.element);
          one.look = look;
        }
        if (one.top !== top) {
          one.element.style.transform = `translateY(${top}px)`;
          one.top = top;
        }
      }
      let next = element.firstChild;
      for (const { element: row } of [...shown.values()].toSorted((left, right) => left.row - right.row)) {
        if (row === next) next = row.nextSibling;
        else element.insertBefore(row, next);
      }
    },
    elementOf: (key) => shown.get(key)?.element ?? null,
    measure: () =>
      [...shown.values()].map(({ element: row, row: index }) => ({ row: index, height: row.offsetHeight })),
  };
}

export function rowElementOf(node: Node | null): HTMLElement | null {
  const element = node instanceof Element ? node : (node?.parentElement ?? null);
  return element?.closest<HTMLElement>('.log-row') ?? null;
}
