/** Rows of a block are measured together. */
const BLOCK_ROWS = 1_000;

/** Where rows stand when they are not equally high: what was measured counts, the rest is one line high. */
export interface RowHeights {
  readonly total: number;
  /** Top of a row, px. */
  topOf(row: number): number;
  heightOf(row: number): number;
  /** The row at a place, from 0. */
  rowAt(top: number): number;
  /** True when it changes anything. */
  measure(row: number, height: number): boolean;
  setCount(rows: number): void;
  /** Width or wrapping changed: nothing measured counts any more. */
  reset(): void;
}

export function createRowHeights(lineHeight: number): RowHeights {
  let count = 0;
  /** By block: how much higher each row is than one line, and all of them. */
  const blocks = new Map<number, { extra: Map<number, number>; sum: number }>();

  const extraBefore = (block: number) => {
    let sum = 0;
    for (const [index, { sum: extra }] of blocks) if (index < block) sum += extra;
    return sum;
  };
  const topOf = (row: number) => {
    const block = Math.floor(row / BLOCK_ROWS);
    let top = row * lineHeight + extraBefore(block);
    for (const [index, extra] of blocks.get(block)?.extra ?? []) if (index < row) top += extra;
    return top;
  };

  return {
    get total() {
      return count * lineHeight + extraBefore(Number.POSITIVE_INFINITY);
    },
    topOf,
    heightOf: (row) => lineHeight + (blocks.get(Math.floor(row / BLOCK_ROWS))?.extra.get(row) ?? 0),
    rowAt(top) {
      let [low, high] = [0, Math.max(count - 1, 0)];
      if (blocks.size === 0) return Math.min(Math.max(Math.floor(top / lineHeight), 0), high);
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (topOf(middle) <= top) low = middle;
        else high = middle - 1;
      }
      return low;
    },
    measure(row, height) {
      const index = Math.floor(row / BLOCK_ROWS);
      const block = blocks.get(index) ?? { extra: new Map<number, number>(), sum: 0 };
      const [before, extra] = [block.extra.get(row) ?? 0, height - lineHeight];
      if (before === extra) return false;
      if (extra === 0) block.extra.delete(row);
      else block.extra.set(row, extra);
      block.sum += extra - before;
      if (block.extra.size === 0) blocks.delete(index);
      else blocks.set(index, block);
      return true;
    },
    setCount(rows) {
      count = rows;
    },
    reset() {
      blocks.clear();
    },
  };
}
