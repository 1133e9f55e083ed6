import type { LogHit, LogIndexObject, LogRowObject } from '#core/rest-logs.ts';
import type { LineRange } from '../model/address.ts';
import { toggleAll, toggleSection, toggleStep, unfoldAround } from '../model/folds.ts';
import type { Follow } from '../model/follow.ts';
import type { LogLine } from '../model/line-windows.ts';
import { createLogDocument, type LogDocument } from '../model/log-document.ts';
import { findError, findOpening } from '../model/opening.ts';
import { createLineLoader } from './line-loader.ts';
import { createLineLooks, type Viewing } from './line-looks.ts';
import { placeRows } from './place-rows.ts';
import { watchSelection } from './read-selection.ts';
import { createRowLayer, rowElementOf } from './row-layer.ts';
import { createScroller, LINE_HEIGHT } from './scroller.ts';

/** Left of it a hit stands behind the numbers of the lines, px. */
const HIT_MARGIN = 120;
/** What the toolbar shows. A new object whenever any of it changes. */
export interface LogViewState {
  lines: number;
  index: LogIndexObject;
  follow: Follow;
  selection: LineRange | null;
}

export interface LogView {
  readonly log: LogDocument;
  readonly layer: HTMLElement;
  /** The log is known: its index, and the lines where it opens. */
  open(index: LogIndexObject, rows: readonly LogRowObject[], at: { lines: LineRange | null; hasFailed: boolean }): void;
  setIndex(index: LogIndexObject): void;
  /** Lines that came. */
  grow(lines: readonly LogLine[]): void;
  setViewing(change: Partial<Viewing> & { isWrapped?: boolean }): void;
  setHits(hits: readonly LogHit[], areAlone: boolean): void;
  /** Opens what hides the lines and brings them to the middle. */
  goTo(range: LineRange): void;
  /** The error before or after where one stands; its line, null without any. */
  goToError(direction: 1 | -1): number | null;
  toggleFollow(): void;
  /** The step that stands at the top; all with `all`. */
  toggleFolds(which: 'here' | 'all'): void;
  close(): void;
}

export interface LogViewHandlers {
  onState(state: LogViewState): void;
  /** The person chose lines by their numbers. */
  onSelect(range: LineRange | null): void;
  readRows(from: number, limit: number, signal: AbortSignal): Promise<LogRowObject[]>;
}

/** The rows of a log inside a scrolling element. It knows nothing of the server but how to read rows. */
export function openLogView(host: HTMLElement, on: LogViewHandlers): LogView {
  const log = createLogDocument();
  const layer = createRowLayer();
  const viewing: Viewing = { time: 'off', startedAt: null, selection: null, currentHit: null };
  const closing = new AbortController();
  const selection = watchSelection(layer.element, closing.signal, () => scroller.tell({ kind: 'selected' }));
  let isWrapped = false;
  let frame: number | null = null;
  let widest = 0;
  /** Where the walk of the errors goes on. */
  let stoodAt = 0;

  const scroller = createScroller(host, {
    onMoved: () => render(),
    onFollow: () => tellState(),
    hasSelection: () => selection.rows.size > 0,
  });
  const loader = createLineLoader({
    windows: log.windows,
    readRows: on.readRows,
    lineBytes: () => log.index.bytes / Math.max(log.index.lines, 1),
    onLoaded: () => renderSoon(),
  });
  const looks = createLineLooks(log, viewing, loader.failureOf);
  scroller.sizer.append(layer.element);
  host.replaceChildren(scroller.sizer);

  function renderSoon(): void {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      render();
    });
  }

  function tellState(): void {
    on.onState({ lines: log.lines, index: log.index, follow: scroller.follow, selection: viewing.selection });
  }

  /** Draws what is seen. Where rows wrap, their heights are known only then, and once more is enough. */
  function render(): void {
    for (let pass = 0; pass < 3; pass++) {
      const { placed, lines, base } = placeRows(log, looks, scroller, widen);
      loader.want(lines);
      log.windows.trim(lines[0] ?? 0, lines.at(-1) ?? 0);
      layer.show(placed, selection.rows);
      layer.moveTo(base - scroller.top);
      if (!isWrapped && !placed.some(({ isTall }) => isTall)) break;
      const measured = layer.measure();
      const isChanged = scroller.settle(() => {
        let hasChanged = false;
        for (const { row, height } of measured) hasChanged = scroller.heights.measure(row, height) || hasChanged;
        return hasChanged;
      });
      if (!isChanged) break;
    }
  }

  /** One horizontal scroll for all rows: as wide as the widest that was seen. */
  function widen(columns: number): void {
    if (isWrapped || columns <= widest) return;
    widest = columns;
    scroller.sizer.style.setProperty('--log-columns', String(widest));
  }

  function relayout(isRearranged = false): void {
    looks.forget();
    if (isRearranged) scroller.rearrange(log.rows);
    else scroller.setRows(log.rows);
    scroller.sizer.style.setProperty('--log-digits', String(String(Math.max(log.lines, 999)).length));
    renderSoon();
    tellState();
  }

  function show(range: LineRange): void {
    log.setFolds(unfoldAround(log.index, log.folds, range));
    relayout(true);
    const middle = Math.floor((range.from + range.to) / 2);
    scroller.reveal(log.rows.rowOf(range.to - range.from < scroller.view / LINE_HEIGHT ? middle : range.from));
    stoodAt = range.from;
  }

  /** A hit may stand far to the right of what is seen. */
  function revealHit(): void {
    render();
    const hit = layer.element.querySelector('.log-is-current .log-hit');
    if (!hit) return;
    const [seen, place] = [host.getBoundingClientRect(), hit.getBoundingClientRect()];
    if (place.left >= seen.left + HIT_MARGIN && place.right <= seen.right) return;
    host.scrollLeft += place.left - seen.left - seen.width / 2;
  }

  function select(n: number, isRange: boolean): void {
    const before = viewing.selection;
    const range =
      isRange && before ? { from: Math.min(before.from, n), to: Math.max(before.to, n) } : { from: n, to: n };
    const isOff = !isRange && before?.from === n && before.to === n;
    viewing.selection = isOff ? null : range;
    scroller.tell({ kind: 'left' });
    looks.forget();
    render();
    on.onSelect(viewing.selection);
    tellState();
  }

  /** Without a mouse: the first line that is seen, then one more with each press. */
  function extend(way: 1 | -1): void {
    const before = viewing.selection;
    const row = before ? log.rows.rowOf(way === 1 ? before.to : before.from) + way : firstLineRow();
    const next = log.rows.at(row);
    if (next?.kind !== 'line') return;
    select(next.n, before !== null);
    scroller.reveal(row);
  }

  function firstLineRow(): number {
    let row = scroller.heights.rowAt(scroller.top);
    while (row < log.rows.count && log.rows.at(row)?.kind !== 'line') row++;
    return row;
  }

  function act(kind: string | undefined, row: HTMLElement, step: number): void {
    const n = Number(row.dataset['key']?.slice(1));
    // What one opens stays under the hand.
    scroller.tell({ kind: 'left' });
    if (kind === 'step') log.setFolds(toggleStep(log.folds, step));
    else if (kind === 'section') log.setFolds(toggleSection(log.folds, n));
    else if (kind === 'expand') looks.toggleWhole(n);
    else if (kind === 'earlier') looks.toggleEarlier(n);
    else if (kind === 'retry') loader.retry();
    relayout(true);
  }

  host.addEventListener(
    'click',
    (event) => {
      const { target } = event;
      if (!(target instanceof Element)) return;
      const row = rowElementOf(target);
      const action = target.closest<HTMLElement>('[data-do]');
      if (row && action) act(action.dataset['do'], row, Number(action.dataset['step']));
      else if (row && target.closest('.log-number')) {
        event.preventDefault();
        select(Number(row.dataset['key']?.slice(1)), event.shiftKey);
      }
    },
    { signal: closing.signal },
  );
  host.addEventListener(
    'keydown',
    (event) => {
      const way = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (way === 0 || !event.shiftKey || event.target !== host) return;
      event.preventDefault();
      extend(way);
    },
    { signal: closing.signal },
  );
  return {
    log,
    layer: layer.element,
    open(index, rows, { lines, hasFailed }) {
      log.add(rows.filter((row) => 'n' in row));
      log.setIndex(index);
      viewing.selection = lines;
      relayout();
      const opening = lines ? ({ kind: 'line', n: lines.from } as const) : findOpening(index, hasFailed);
      if (lines) show(lines);
      else if (opening.kind === 'line') show({ from: opening.n, to: opening.n });
      else {
        // Also of one that has ended: what is measured from now on leaves the end in view.
        scroller.tell({ kind: 'reached-end' });
      }
      render();
    },
    setIndex(index) {
      const { heads } = log.rows;
      const { gaps } = log.index;
      const before = log.lines;
      log.setIndex(index);
      relayout(index.gaps.length !== gaps.length || log.rows.heads.join() !== heads.join());
      if (log.lines > before) scroller.tell({ kind: 'grew', lines: log.lines - before });
      tellState();
    },
    grow(lines) {
      const grown = log.add(lines);
      if (grown > 0) {
        scroller.setRows(log.rows);
        scroller.tell({ kind: 'grew', lines: grown });
        tellState();
      }
      renderSoon();
    },
    setViewing({ isWrapped: wrap = isWrapped, ...change }) {
      Object.assign(viewing, change);
      const isRearranged = wrap !== isWrapped;
      isWrapped = wrap;
      host.classList.toggle('log-wraps', isWrapped);
      relayout(isRearranged);
      if (change.currentHit) revealHit();
    },
    setHits(hits, areAlone) {
      const wereAlone = log.areHitsAlone;
      log.setHits(hits, areAlone);
      relayout(true);
      if (areAlone && !wereAlone) {
        scroller.tell({ kind: 'left' });
        scroller.goTo(0);
      }
    },
    goTo(range) {
      scroller.tell({ kind: 'left' });
      show(range);
      render();
    },
    goToError(direction) {
      const n = findError(log.index.errors, stoodAt, direction);
      if (n !== null) this.goTo({ from: n, to: n });
      return n;
    },
    toggleFollow: () => scroller.tell({ kind: 'toggled' }),
    toggleFolds(which) {
      const row = log.rows.at(scroller.heights.rowAt(scroller.top));
      const n = row?.kind === 'line' ? row.n : row?.kind === 'group' ? row.group.fromLine : 1;
      const here = log.index.groups.findLast(({ fromLine }) => fromLine <= n);
      if (which === 'all') log.setFolds(toggleAll(log.index, log.folds));
      else if (here) log.setFolds(toggleStep(log.folds, here.step));
      relayout(true);
    },
    close() {
      closing.abort();
      if (frame !== null) cancelAnimationFrame(frame);
      loader.close();
      scroller.close();
    },
  };
}
