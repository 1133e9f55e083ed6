import { type Follow, type FollowEvent, nextFollow } from '../model/follow.ts';
import { createRowHeights, type RowHeights } from '../model/row-heights.ts';
import type { Rows } from '../model/rows.ts';
import {
  heightOf,
  maxTop,
  placeAfterScroll,
  placeAt,
  type ScrollExtent,
  type ScrollPlace,
} from '../model/scroll-scale.ts';
import { makeElement } from './make-element.ts';

export const LINE_HEIGHT = 20;
/** Heads of steps are pressed: a hand needs more than a line. */
const HEAD_HEIGHT = 28;

/** Where a pane stands in its rows, and whether it follows the end. */
export interface Scroller {
  readonly heights: RowHeights;
  readonly top: number;
  readonly view: number;
  readonly follow: Follow;
  /** Holds the rows; stays in view however far one scrolls. */
  readonly sizer: HTMLElement;
  /** Rows changed. The row at the top stays where it is, or the end stays in view. */
  setRows(rows: Pick<Rows, 'count' | 'heads'>): void;
  /** The same, where other rows stand now and nothing that was measured holds. */
  rearrange(rows: Pick<Rows, 'count' | 'heads'>): void;
  goTo(top: number): void;
  /** Brings a row to the middle, or, when it is in view already, nowhere. */
  reveal(row: number): void;
  tell(event: FollowEvent): void;
  /** Rows were measured: `change` tells them to the heights. True when they differ from before. */
  settle(change: () => boolean): boolean;
  close(): void;
}

export function createScroller(
  host: HTMLElement,
  on: { onMoved(): void; onFollow(): void; hasSelection(): boolean },
): Scroller {
  const heights = createRowHeights(LINE_HEIGHT);
  const sizer = makeElement('div', 'log-sizer');
  const closing = new AbortController();
  let place: ScrollPlace = { top: 0, scrollTop: 0 };
  let follow: Follow = { kind: 'off', unseen: 0 };
  let view = host.clientHeight;
  let height = 0;

  const extent = (): ScrollExtent => ({ total: heights.total, view });
  const isAtEnd = () => place.top >= maxTop(extent()) - 1;

  /** Touches the element only for what differs: each question to it lays the page out. */
  function setPlace(next: ScrollPlace): void {
    const nextHeight = heightOf(extent());
    const isMoved = Math.abs(next.scrollTop - place.scrollTop) >= 1;
    if (nextHeight !== height) sizer.style.height = `${nextHeight}px`;
    if (isMoved) host.scrollTop = next.scrollTop;
    // What the browser made of it: it keeps whole device pixels, and goes no further than there are rows.
    place = isMoved || nextHeight !== height ? { ...next, scrollTop: host.scrollTop } : next;
    height = nextHeight;
  }

  function tell(event: FollowEvent): void {
    const before = follow;
    follow = nextFollow(follow, event, on.hasSelection());
    if (before === follow) return;
    if (follow.kind === 'on' && before.kind === 'off') {
      setPlace(placeAt(extent(), Number.POSITIVE_INFINITY));
      on.onMoved();
    }
    on.onFollow();
  }

  /** After heights changed: the row that stood at the top still does, or the end is still in view. */
  function keepStill(change: () => void): void {
    const row = heights.rowAt(place.top);
    const offset = place.top - heights.topOf(row);
    change();
    const isStuck = follow.kind === 'on' && !on.hasSelection();
    setPlace(placeAt(extent(), isStuck ? Number.POSITIVE_INFINITY : heights.topOf(row) + offset));
  }

  function setRows({ count, heads }: Pick<Rows, 'count' | 'heads'>): void {
    heights.setCount(count);
    for (const row of heads) heights.measure(row, HEAD_HEIGHT);
  }

  const listen = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    handler: (event: HTMLElementEventMap[Name]) => void,
  ) => host.addEventListener(name, handler, { passive: true, signal: closing.signal });
  function resize(): void {
    view = host.clientHeight;
    keepStill(() => {});
    on.onMoved();
  }

  listen('scroll', () => {
    // A pane that became higher is scrolled by the browser, and nobody went up.
    if (host.clientHeight !== view) {
      resize();
      return;
    }
    if (Math.abs(host.scrollTop - place.scrollTop) < 1) {
      on.onMoved();
      return;
    }
    const before = place.top;
    place = placeAfterScroll(extent(), place, host.scrollTop);
    on.onMoved();
    // Up goes who is told of below; what else moves it up is the browser, when the pane or its rows change.
    if (place.top > before && isAtEnd()) tell({ kind: 'reached-end' });
  });
  // Told apart from our own scrolling at once, so that growth in the same frame takes nothing back.
  listen('wheel', ({ deltaY }) => deltaY < 0 && tell({ kind: 'left' }));
  listen('touchmove', () => tell({ kind: 'left' }));
  listen('pointerdown', ({ target, offsetX, button }) => {
    if (button === 1 || (target === host && offsetX >= host.clientWidth)) tell({ kind: 'left' });
  });
  listen('keydown', ({ key, shiftKey }) => {
    if (key === 'PageUp' || key === 'Home' || key === 'ArrowUp' || (key === ' ' && shiftKey)) tell({ kind: 'left' });
  });
  // A scaled bar is put right when the hand has left it.
  listen('scrollend', () => setPlace(placeAt(extent(), place.top)));
  const resized = new ResizeObserver(resize);
  resized.observe(host);

  return {
    heights,
    sizer,
    get top() {
      return place.top;
    },
    get view() {
      return view;
    },
    get follow() {
      return follow;
    },
    setRows: (rows) => keepStill(() => setRows(rows)),
    rearrange: (rows) =>
      keepStill(() => {
        heights.reset();
        setRows(rows);
      }),
    goTo(top) {
      setPlace(placeAt(extent(), top));
      on.onMoved();
    },
    reveal(row) {
      const [top, height] = [heights.topOf(row), heights.heightOf(row)];
      const isInView = top >= place.top && top + height <= place.top + view;
      if (!isInView) this.goTo(top - Math.floor((view - height) / 2));
    },
    tell,
    settle(change) {
      let hasChanged = false;
      keepStill(() => {
        hasChanged = change();
      });
      return hasChanged;
    },
    close() {
      closing.abort();
      resized.disconnect();
    },
  };
}
