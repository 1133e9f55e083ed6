/** Browsers lay out no more than some 16 to 33 million pixels: above this a scrolled pixel stands for several. */
export const MAX_SCROLL_HEIGHT = 8_000_000;

/** Heights in CSS pixels: of all rows, and of what is seen of them. */
export interface ScrollExtent {
  total: number;
  view: number;
}

/** Where a pane stands: `top` among all rows, `scrollTop` of the element. They differ where the height is scaled. */
export interface ScrollPlace {
  top: number;
  scrollTop: number;
}

export function heightOf({ total }: ScrollExtent): number {
  return Math.min(total, MAX_SCROLL_HEIGHT);
}

export function maxTop({ total, view }: ScrollExtent): number {
  return Math.max(total - view, 0);
}

/** The place with `top` as near to the wanted as there are rows. */
export function placeAt(extent: ScrollExtent, wanted: number): ScrollPlace {
  const top = Math.min(Math.max(wanted, 0), maxTop(extent));
  const range = Math.max(heightOf(extent) - extent.view, 0);
  const max = maxTop(extent);
  return { top, scrollTop: max === 0 ? 0 : (top / max) * range };
}

/**
 * The place after the element was scrolled. A short way (wheel, keys) is that many pixels of rows, whatever the scale; a
 * long one (the scrollbar is dragged) is a share of all. At both ends the element and the rows agree.
 */
export function placeAfterScroll(extent: ScrollExtent, place: ScrollPlace, scrollTop: number): ScrollPlace {
  const range = Math.max(heightOf(extent) - extent.view, 0);
  const max = maxTop(extent);
  if (range === 0) return { top: 0, scrollTop: 0 };
  if (scrollTop <= 0) return { top: 0, scrollTop: 0 };
  if (scrollTop >= range - 1) return { top: max, scrollTop: range };
  const way = scrollTop - place.scrollTop;
  const isShort = Math.abs(way) <= extent.view * 2;
  const top = isShort ? place.top + way : (scrollTop / range) * max;
  return { top: Math.min(Math.max(top, 0), max), scrollTop };
}
