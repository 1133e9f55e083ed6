import type { LogHit, LogIndexObject } from '#core/rest-logs.ts';
import type { LineRange } from './address.ts';
import { type Folds, foldAtFirst, hiddenBySections, NO_FOLDS } from './folds.ts';
import { createLineWindows, type LineWindows, type LogLine } from './line-windows.ts';
import { layOutRows, mergeRanges, type Rows } from './rows.ts';

const EMPTY_INDEX: LogIndexObject = {
  ...{ lines: 0, bytes: 0, groups: [], sections: [], errors: [], gaps: [] },
  ...{ digest: null, ended: false },
};

/** Lines around a hit in the view of hits alone. */
const AROUND_HITS = 3;

/** What a pane knows of a log, and what of it is open. */
export interface LogDocument {
  readonly index: LogIndexObject;
  /** Lines there are, with one that is being written. */
  readonly lines: number;
  readonly windows: LineWindows;
  readonly rows: Rows;
  readonly folds: Folds;
  readonly hits: ReadonlyMap<number, LogHit>;
  /** Lines without a hit are left out. */
  readonly areHitsAlone: boolean;
  readonly errors: ReadonlySet<number>;
  setIndex(index: LogIndexObject): void;
  /** Adds lines that were read or came; answers by how many the log grew. */
  add(lines: readonly LogLine[]): number;
  setFolds(folds: Folds): void;
  setHits(hits: readonly LogHit[], areAlone: boolean): void;
  /** How many sections a line stands in. */
  depthOf(n: number): number;
  sectionAt(n: number): { title: string; isFolded: boolean } | null;
}

export function createLogDocument(): LogDocument {
  const windows = createLineWindows();
  let index = EMPTY_INDEX;
  let [lines, isOpened] = [0, false];
  let folds = NO_FOLDS;
  let hits: ReadonlyMap<number, LogHit> = new Map();
  let errors: ReadonlySet<number> = new Set();
  /** Titles of sections by their first line. */
  let titles: ReadonlyMap<number, string> = new Map();
  let only: LineRange[] | null = null;
  let rows = layOut();

  function layOut(): Rows {
    const known = { ...index, lines };
    const hidden = only ? [] : hiddenBySections(known, folds);
    return layOutRows({ lines, index, foldedSteps: folds.steps, hidden, only });
  }

  return {
    windows,
    get index() {
      return index;
    },
    get lines() {
      return lines;
    },
    get rows() {
      return rows;
    },
    get folds() {
      return folds;
    },
    get hits() {
      return hits;
    },
    get areHitsAlone() {
      return only !== null;
    },
    get errors() {
      return errors;
    },
    setIndex(next) {
      index = next;
      lines = Math.max(lines, next.lines);
      errors = new Set(next.errors);
      titles = new Map(next.sections.map(({ fromLine, title }) => [fromLine, title]));
      if (!isOpened) folds = foldAtFirst(next);
      isOpened = true;
      rows = layOut();
    },
    add(added) {
      windows.put(added);
      const before = lines;
      lines = Math.max(lines, added.at(-1)?.n ?? 0);
      if (lines > before) rows = layOut();
      return lines - before;
    },
    setFolds(next) {
      folds = next;
      rows = layOut();
    },
    setHits(found, areAlone) {
      hits = new Map(found.map((hit) => [hit.n, hit]));
      only = areAlone ? aroundHits(found, lines) : null;
      rows = layOut();
    },
    depthOf(n) {
      if (only) return 0;
      let depth = 0;
      for (const { fromLine, toLine } of index.sections) {
        if (fromLine >= n) break;
        if (n <= (toLine ?? lines)) depth++;
      }
      return depth;
    },
    sectionAt(n) {
      const title = only ? undefined : titles.get(n);
      return title === undefined ? null : { title, isFolded: folds.sections.has(n) };
    },
  };
}

function aroundHits(hits: readonly LogHit[], lines: number): LineRange[] {
  return mergeRanges(
    hits.map(({ n }) => ({ from: Math.max(n - AROUND_HITS, 1), to: Math.min(n + AROUND_HITS, lines) })),
  );
}
