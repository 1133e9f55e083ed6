import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogIndexObject } from '#core/rest-logs.ts';
import { formatLines, parseLines } from './address.ts';
import { foldAtFirst, hiddenBySections, NO_FOLDS, toggleAll, unfoldAround } from './folds.ts';
import { type Follow, type FollowEvent, nextFollow } from './follow.ts';
import { createLineWindows, type LogLine } from './line-windows.ts';
import { findError, findOpening } from './opening.ts';
import { createRowHeights } from './row-heights.ts';
import { layOutRows, mergeRanges, type Row } from './rows.ts';
import { heightOf, MAX_SCROLL_HEIGHT, maxTop, placeAfterScroll, placeAt } from './scroll-scale.ts';

const group = (step: number, fromLine: number, exitCode: number | null = 0) => {
  return { step, title: `step ${step}`, fromLine, fromByte: 0, exitCode, durationMs: 1 };
};
const gap = (line: number) => ({ line, bytes: 9, cause: 'lost', fromAt: '', toAt: '' });
const indexOf = (change: Partial<LogIndexObject>): LogIndexObject => {
  const parts = { groups: [], sections: [], errors: [], gaps: [] };
  return { lines: 100, bytes: 1_000, ...parts, digest: null, ended: true, ...change };
};
const line = (n: number, text = 'x'): LogLine => ({ n, t: 0, text });

describe('addresses', () => {
  it('name a line or a range, and nothing else', () => {
    expect(parseLines('#L12')).toEqual({ from: 12, to: 12 });
    expect(parseLines('#L34-L12')).toEqual({ from: 12, to: 34 });
    expect(parseLines('#L12-34')).toEqual({ from: 12, to: 34 });
    for (const other of ['', '#L0', '#12', '#L1-', '#L1e9', '#tab']) expect(parseLines(other)).toBeNull();
    expect(formatLines({ from: 1, to: 1 })).toBe('#L1');
    expect(formatLines({ from: 1, to: 3 })).toBe('#L1-L3');
  });
});

describe('rows', () => {
  const input = { lines: 10, index: { groups: [], gaps: [] }, foldedSteps: new Set<number>(), hidden: [], only: null };
  const show = (row: Row | null) => {
    if (!row) return null;
    if (row.kind === 'line') return row.n;
    return row.kind === 'group' ? `step ${row.group.step}` : row.kind;
  };
  const all = (rows: ReturnType<typeof layOutRows>) =>
    Array.from({ length: rows.count }, (_, row) => show(rows.at(row)));

  it('are lines, with heads of steps and gaps in front of them', () => {
    const index = { groups: [group(1, 1), group(2, 4), group(3, 11)], gaps: [gap(4), gap(6)] };
    expect(all(layOutRows({ ...input, index }))).toEqual([
      'step 1',
      1,
      2,
      3,
      'step 2',
      'gap',
      4,
      5,
      'gap',
      6,
      7,
      8,
      9,
      10,
      'step 3',
    ]);
    expect(all(layOutRows({ ...input, index, foldedSteps: new Set([1, 2]) }))).toEqual(['step 1', 'step 2', 'step 3']);
    expect(all(layOutRows({ ...input, index, foldedSteps: new Set([2]), hidden: [{ from: 2, to: 2 }] }))).toEqual([
      'step 1',
      1,
      3,
      'step 2',
      'step 3',
    ]);
  });

  it('are only some lines when a view says so, and what is left out is told', () => {
    const rows = layOutRows({
      ...input,
      only: [
        { from: 3, to: 4 },
        { from: 9, to: 10 },
      ],
    });
    expect(all(rows)).toEqual(['skipped', 3, 4, 'skipped', 9, 10]);
    expect(rows.rowOf(6)).toBe(3);
  });

  it('agree with a list of them, whatever is folded', () => {
    const range = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 9 }));
    const starts = fc.uniqueArray(fc.integer({ min: 1, max: 41 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        starts,
        fc.array(range, { maxLength: 4 }),
        fc.func(fc.boolean()),
        starts,
        (lines, heads, hides, isFolded, gapLines) => {
          const groups = heads
            .filter((n) => n <= lines + 1)
            .toSorted((a, b) => a - b)
            .map((n, index) => group(index + 1, n));
          const foldedSteps = new Set(groups.map(({ step }) => step).filter((step) => isFolded(step)));
          const hidden = hides
            .map(([from, length]) => ({ from, to: Math.min(from + length, lines) }))
            .filter(({ from, to }) => to >= from);
          const gaps = gapLines.filter((n) => n <= lines).map(gap);
          const rows = layOutRows({ lines, index: { groups, gaps }, foldedSteps, hidden, only: null });
          const stepOf = (n: number) => groups.findLast((one) => one.fromLine <= n)?.step ?? 0;
          const isHidden = (n: number) =>
            foldedSteps.has(stepOf(n)) || hidden.some(({ from, to }) => n >= from && n <= to);
          const expected: unknown[] = [];
          for (let n = 1; n <= lines + 1; n++) {
            const head = groups.find((one) => one.fromLine === n);
            if (head) expected.push(`step ${head.step}`);
            if (n > lines || isHidden(n)) continue;
            if (gaps.some((one) => one.line === n)) expected.push('gap');
            expected.push(n);
          }
          expect(all(rows)).toEqual(expected);
          for (let n = 1; n <= lines; n++) {
            expect(rows.isVisible(n)).toBe(!isHidden(n));
            if (!isHidden(n)) expect(rows.at(rows.rowOf(n))).toEqual({ kind: 'line', n });
          }
        },
      ),
    );
  });

  it('of a million lines cost nothing', () => {
    const rows = layOutRows({ ...input, lines: 1_000_000, index: { groups: [group(1, 1)], gaps: [] } });
    expect(rows.at(rows.rowOf(999_999))).toEqual({ kind: 'line', n: 999_999 });
    expect(
      mergeRanges([
        { from: 5, to: 9 },
        { from: 1, to: 4 },
        { from: 20, to: 30 },
      ]),
    ).toEqual([
      { from: 1, to: 9 },
      { from: 20, to: 30 },
    ]);
  });
});

describe('folds', () => {
  const sections = [
    { title: 'calm', fromLine: 2, toLine: 5, depth: 0 },
    { title: 'bad', fromLine: 6, toLine: 9, depth: 0 },
    { title: 'open', fromLine: 95, toLine: null, depth: 0 },
  ];

  it('what passed is folded at first, what failed or runs is not', () => {
    const index = indexOf({ groups: [group(1, 1), group(2, 50, 1), group(3, 80, null)], sections, errors: [7] });
    const folds = foldAtFirst(index);
    expect([...folds.steps]).toEqual([1]);
    expect([...folds.sections]).toEqual([2]);
    expect(hiddenBySections(index, folds)).toEqual([{ from: 3, to: 5 }]);
  });

  it('a log of steps that all passed opens with its last one', () => {
    expect([...foldAtFirst(indexOf({ groups: [group(1, 1), group(2, 50)] })).steps]).toEqual([1]);
    expect([...foldAtFirst(indexOf({ groups: [group(1, 1)] })).steps]).toEqual([]);
  });

  it('an address opens what hides its lines, and nothing else', () => {
    const index = indexOf({ groups: [group(1, 1), group(2, 50)], sections });
    const all = toggleAll(index, NO_FOLDS);
    const opened = unfoldAround(index, all, { from: 4, to: 4 });
    expect([[...opened.steps], [...opened.sections]]).toEqual([[2], [6, 95]]);
    expect(toggleAll(index, all)).toEqual(NO_FOLDS);
  });
});

describe('opening', () => {
  it('is the first error of the failed step, else its last line; the end of all others', () => {
    const groups = [group(1, 1), group(2, 50, 2)];
    expect(findOpening(indexOf({ groups, errors: [3, 60, 70] }), true)).toEqual({ kind: 'line', n: 60 });
    expect(findOpening(indexOf({ groups, errors: [3] }), true)).toEqual({ kind: 'line', n: 100 });
    expect(findOpening(indexOf({ groups: [group(1, 1)] }), false)).toEqual({ kind: 'end' });
    expect(findOpening(indexOf({ groups, ended: false }), false)).toEqual({ kind: 'end' });
  });

  it('errors are walked in a circle', () => {
    expect([findError([3, 9], 1, 1), findError([3, 9], 3, 1), findError([3, 9], 9, 1)]).toEqual([3, 9, 3]);
    expect([findError([3, 9], 9, -1), findError([3, 9], 3, -1), findError([], 1, 1)]).toEqual([3, 9, null]);
  });
});

describe('follow', () => {
  it('is never turned on by growth, and nothing happens by itself while something is selected', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('grew' as const), lines: fc.integer({ min: 1, max: 99 }) }),
      fc.record({
        kind: fc.constantFrom('left' as const, 'reached-end' as const, 'selected' as const, 'toggled' as const),
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.boolean())), (events: [FollowEvent, boolean][]) => {
        let follow: Follow = { kind: 'on' };
        let unseen = 0;
        for (const [one, hasSelection] of events) {
          const before: Follow = follow;
          follow = nextFollow(before, one, hasSelection);
          if (one.kind === 'grew') expect(follow.kind).toBe(before.kind);
          if (one.kind === 'left' || one.kind === 'selected') expect(follow.kind).toBe('off');
          if (one.kind === 'reached-end' && hasSelection) expect(follow).toEqual(before);
          unseen = follow.kind === 'on' || before.kind === 'on' ? 0 : unseen + (one.kind === 'grew' ? one.lines : 0);
          if (follow.kind === 'off') expect(follow.unseen).toBe(unseen);
        }
      }),
    );
  });
});

describe('windows of lines', () => {
  it('say what is missing within one window of a thousand', () => {
    const windows = createLineWindows();
    windows.put([line(1_000), line(1_001), line(1_003)]);
    expect(windows.findMissing(990, 1_010)).toEqual({ from: 990, limit: 10 });
    expect(windows.findMissing(1_000, 1_001)).toBeNull();
    expect(windows.findMissing(1_001, 1_010)).toEqual({ from: 1_002, limit: 1 });
    expect(windows.findMissing(1_004, 1_010)).toEqual({ from: 1_004, limit: 997 });
  });

  it('hold no more than they may, and keep what is looked at', () => {
    const windows = createLineWindows(200_000);
    for (let first = 1; first <= 50_000; first += 1_000) {
      windows.put(Array.from({ length: 1_000 }, (_, index) => line(first + index)));
      windows.trim(first, first + 50);
    }
    expect(windows.size).toBeLessThanOrEqual(200_000);
    expect(windows.get(50_000)?.n).toBe(50_000);
    expect(windows.get(1)).toBeNull();
    windows.put([line(50_000, 'y'.repeat(1_000_000))]);
    windows.trim(49_990, 50_000);
    expect(windows.get(50_000)?.text).toHaveLength(1_000_000);
    windows.clear();
    expect(windows.size).toBe(0);
  });
});

describe('scrolling', () => {
  const extent = { total: 20_000_000, view: 800 };

  it('reaches both ends, and every row between them', () => {
    expect(heightOf(extent)).toBe(MAX_SCROLL_HEIGHT);
    expect(placeAt(extent, 1e9)).toEqual({ top: maxTop(extent), scrollTop: MAX_SCROLL_HEIGHT - 800 });
    expect(placeAfterScroll(extent, placeAt(extent, 5_000), 0)).toEqual({ top: 0, scrollTop: 0 });
    expect(placeAfterScroll(extent, placeAt(extent, 0), MAX_SCROLL_HEIGHT - 800).top).toBe(maxTop(extent));
  });

  it('a turn of the wheel is as long as in a short log; a dragged bar is a share of all', () => {
    const place = placeAt(extent, 10_000_000);
    expect(placeAfterScroll(extent, place, place.scrollTop + 100).top).toBe(10_000_100);
    expect(placeAfterScroll(extent, place, (MAX_SCROLL_HEIGHT - 800) / 4).top).toBeCloseTo(maxTop(extent) / 4, 3);
  });

  it('is not scaled while a browser can do without', () => {
    const short = { total: 50_000, view: 800 };
    expect(placeAt(short, 1_234)).toEqual({ top: 1_234, scrollTop: 1_234 });
    expect(placeAfterScroll(short, placeAt(short, 0), 777)).toEqual({ top: 777, scrollTop: 777 });
    expect(placeAt({ total: 100, view: 800 }, 50)).toEqual({ top: 0, scrollTop: 0 });
  });
});

describe('heights of rows', () => {
  it('agree with a list of them', () => {
    const measured = fc.array(fc.tuple(fc.integer({ min: 0, max: 2_999 }), fc.integer({ min: 1, max: 9 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(measured, fc.integer({ min: 0, max: 2_999 }), (changes, row) => {
        const heights = createRowHeights(20);
        heights.setCount(3_000);
        const list = Array.from({ length: 3_000 }, () => 20);
        for (const [at, lines] of changes) {
          expect(heights.measure(at, lines * 20)).toBe(list[at] !== lines * 20);
          list[at] = lines * 20;
        }
        const top = list.slice(0, row).reduce((sum, height) => sum + height, 0);
        expect(heights.topOf(row)).toBe(top);
        expect(heights.heightOf(row)).toBe(list[row]);
        expect(heights.rowAt(top)).toBe(row);
        expect(heights.total).toBe(list.reduce((sum, height) => sum + height, 0));
      }),
      { numRuns: 50 },
    );
  });
});
