import type { LogIndexObject } from '#core/rest-logs.ts';
import type { LineRange } from './address.ts';

type Group = LogIndexObject['groups'][number];
type Gap = LogIndexObject['gaps'][number];

/** What one row of the pane shows. */
export type Row =
  | { kind: 'line'; n: number }
  | { kind: 'group'; group: Group; isFolded: boolean; lines: number }
  | { kind: 'gap'; gap: Gap }
  /** Lines that a view leaves out. */
  | { kind: 'skipped'; from: number; to: number };

/** All rows of a log, without any of them being made before it is seen. */
export interface Rows {
  readonly count: number;
  at(row: number): Row | null;
  /** The row of a line; of the row that stands for it where it is folded or left out. */
  rowOf(n: number): number;
  isVisible(n: number): boolean;
  /** Rows that are heads of steps. */
  readonly heads: readonly number[];
}

export interface RowsInput {
  /** Lines there are, with one that is being written. */
  lines: number;
  index: Pick<LogIndexObject, 'groups' | 'gaps'>;
  /** Steps that are folded. */
  foldedSteps: ReadonlySet<number>;
  /** Lines that folded sections hide. */
  hidden: readonly LineRange[];
  /** Only these, when it is given: sorted, apart. */
  only: readonly LineRange[] | null;
}

/** Consecutive rows of one kind. Lines are many, all else is one. */
interface Stretch {
  row: number;
  from: number;
  count: number;
  other: Exclude<Row, { kind: 'line' }> | null;
}

/** Costs as much as there are groups, gaps and folds, however many lines. */
export function layOutRows(input: RowsInput): Rows {
  const stretches: Stretch[] = [];
  let count = 0;
  const add = (from: number, length: number, other: Stretch['other']) => {
    if (length <= 0) return;
    stretches.push({ row: count, from, count: length, other });
    count += length;
  };

  const hidden = mergeRanges([...foldRanges(input), ...input.hidden]);
  const marks = marksOf(input);
  let next = 1;
  let at = 0;
  const addMarksAt = (n: number) => {
    for (let mark = marks[at]; mark && mark.line <= n; mark = marks[++at]) add(mark.line, 1, mark.row);
  };
  /** Lines `[next, to]`, with the marks between them. */
  const addLines = (to: number) => {
    while (next <= to) {
      addMarksAt(next);
      const stop = Math.min(to, (marks[at]?.line ?? Number.POSITIVE_INFINITY) - 1);
      add(next, stop - next + 1, null);
      next = stop + 1;
    }
  };
  if (input.only) {
    for (const { from, to } of input.only) {
      if (from > next) add(next, 1, { kind: 'skipped', from: next, to: from - 1 });
      add(from, to - from + 1, null);
      next = to + 1;
    }
    if (next <= input.lines) add(next, 1, { kind: 'skipped', from: next, to: input.lines });
  } else {
    for (const { from, to } of hidden) {
      addLines(Math.min(from - 1, input.lines));
      // Heads of steps stay; a gap inside is folded away with its lines.
      for (let mark = marks[at]; mark && mark.line <= to; mark = marks[++at]) {
        if (mark.row.kind === 'group') add(mark.line, 1, mark.row);
      }
      next = Math.max(next, to + 1);
    }
    addLines(input.lines);
    addMarksAt(Number.POSITIVE_INFINITY);
  }

  const find = (is: (stretch: Stretch) => boolean): Stretch | null => {
    let [low, high] = [0, stretches.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const stretch = stretches[middle];
      if (stretch && is(stretch)) low = middle;
      else high = middle - 1;
    }
    return stretches[low] ?? null;
  };

  return {
    count,
    heads: stretches.filter(({ other }) => other?.kind === 'group').map(({ row }) => row),
    at(row) {
      if (row < 0 || row >= count) return null;
      const stretch = find((one) => one.row <= row);
      if (!stretch) return null;
      return stretch.other ?? { kind: 'line', n: stretch.from + row - stretch.row };
    },
    rowOf(n) {
      const stretch = find((one) => one.from <= n);
      if (!stretch) return 0;
      return stretch.other ? stretch.row : stretch.row + Math.min(Math.max(n - stretch.from, 0), stretch.count - 1);
    },
    isVisible(n) {
      const stretch = find((one) => one.from <= n);
      return stretch !== null && stretch.other === null && n >= stretch.from && n < stretch.from + stretch.count;
    },
  };
}

/** Rows that stand in front of a line: heads of steps, then what is missing there. */
function marksOf({ index, lines, foldedSteps }: RowsInput): { line: number; row: Exclude<Row, { kind: 'line' }> }[] {
  const marks = [
    ...index.groups.map((group, position) => {
      const to = (index.groups[position + 1]?.fromLine ?? lines + 1) - 1;
      const isFolded = foldedSteps.has(group.step);
      return {
        line: group.fromLine,
        row: { kind: 'group' as const, group, isFolded, lines: Math.max(to - group.fromLine + 1, 0) },
      };
    }),
    ...index.gaps.map((gap) => ({ line: gap.line, row: { kind: 'gap' as const, gap } })),
  ];
  // Stable: of one line the heads come first.
  return marks.toSorted((left, right) => left.line - right.line);
}

function foldRanges({ index, lines, foldedSteps }: RowsInput): LineRange[] {
  return index.groups.flatMap((group, position) => {
    const to = (index.groups[position + 1]?.fromLine ?? lines + 1) - 1;
    return foldedSteps.has(group.step) && to >= group.fromLine ? [{ from: group.fromLine, to }] : [];
  });
}

/** Sorted and apart. */
export function mergeRanges(ranges: readonly LineRange[]): LineRange[] {
  const merged: LineRange[] = [];
  for (const { from, to } of ranges.toSorted((left, right) => left.from - right.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}
