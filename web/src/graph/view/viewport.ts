import type { Area } from '../layout/draw-edges.ts';

/** How the graph lies under its window: a point `p` of it is seen at `p · zoom + offset`, px. */
export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export const MIN_ZOOM = 0.25;
export const MAX_ZOOM = 2;
/** Below it nodes show icon and ground only. */
export const FAR_ZOOM = 0.5;
/** Around the graph when it is fitted. */
const MARGIN = 24;

/** Zooms so that what is at the point stays there. */
export function zoomAt(view: Viewport, point: { x: number; y: number }, factor: number): Viewport {
  const zoom = clamp(view.zoom * factor, MIN_ZOOM, MAX_ZOOM);
  const by = zoom / view.zoom;
  return { zoom, x: point.x - (point.x - view.x) * by, y: point.y - (point.y - view.y) * by };
}

/** The whole graph in the window, as far as it may shrink; never larger than it is. */
export function fitGraph(graph: Size, window: Size): Viewport {
  const room = { width: window.width - 2 * MARGIN, height: window.height - 2 * MARGIN };
  const wish = Math.min(1, room.width / Math.max(1, graph.width), room.height / Math.max(1, graph.height));
  const zoom = clamp(wish, MIN_ZOOM, 1);
  return { zoom, x: centre(graph.width * zoom, window.width), y: centre(graph.height * zoom, window.height) };
}

/** A graph that is readable when it is fitted is first shown whole, any other at this zoom. */
const READABLE_FROM = 0.6;
const READABLE_ZOOM = 0.75;

/** How a graph is first seen: whole if it can be read so, else the node that matters most. */
export function openGraph(graph: Size, window: Size, entry: { x: number; y: number } | null): Viewport {
  const fitted = fitGraph(graph, window);
  if (fitted.zoom >= READABLE_FROM || entry === null) return fitted;
  const zoom = READABLE_ZOOM;
  const x = Math.min(MARGIN, Math.round(window.width / 3 - entry.x * zoom));
  const isLow = graph.height * zoom > window.height;
  const y = isLow ? Math.round(window.height / 2 - entry.y * zoom) : centre(graph.height * zoom, window.height);
  return { zoom, x, y };
}

/** What is larger than the window begins at its edge. */
function centre(graph: number, window: number): number {
  return Math.round(Math.max(MARGIN, (window - graph) / 2));
}

/** The part of the graph that is seen. */
export function seeArea({ x, y, zoom }: Viewport, { width, height }: Size): Area {
  return { left: -x / zoom, top: -y / zoom, right: (width - x) / zoom, bottom: (height - y) / zoom };
}

/** More of the graph than is seen, so that a little pan needs no new nodes. */
export function widen({ left, top, right, bottom }: Area, share = 0.5): Area {
  const [byX, byY] = [(right - left) * share, (bottom - top) * share];
  return { left: left - byX, top: top - byY, right: right + byX, bottom: bottom + byY };
}

export function holds(outer: Area, inner: Area): boolean {
  return (
    outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom
  );
}

/** The least move that brings a part of the graph into the window, with a margin. */
export function reveal(view: Viewport, part: Area, window: Size): Viewport {
  const { zoom } = view;
  return {
    zoom,
    x: view.x + shift(part.left * zoom + view.x, part.right * zoom + view.x, window.width),
    y: view.y + shift(part.top * zoom + view.y, part.bottom * zoom + view.y, window.height),
  };
}

function shift(start: number, end: number, size: number): number {
  if (start < MARGIN) return MARGIN - start;
  return end > size - MARGIN ? Math.max(size - MARGIN - end, MARGIN - start) : 0;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
