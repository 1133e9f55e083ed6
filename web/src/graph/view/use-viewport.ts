import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Area } from '../layout/draw-edges.ts';
import { listenToPointers } from './listen-to-pointers.ts';
import {
  FAR_ZOOM,
  fitGraph,
  holds,
  openGraph,
  reveal,
  seeArea,
  type Size,
  type Viewport,
  widen,
  zoomAt,
} from './viewport.ts';

export interface ViewportControl {
  /** The part of the graph that is in the document; wider than what is seen. Null before the first measure. */
  area: Area | null;
  zoomBy(factor: number): void;
  fit(): void;
  panBy(dx: number, dy: number): void;
  reveal(part: Area): void;
}

/**
 * Pans and zooms a layer by its transform alone: React hears of it only when other nodes come into reach. Drag or
 * Space-drag pans, wheel and pinch zoom at the pointer.
 */
export function useViewport(
  frame: RefObject<HTMLElement | null>,
  layer: RefObject<HTMLElement | null>,
  graph: Size | null,
  entry: { x: number; y: number } | null,
): ViewportControl {
  const [area, setArea] = useState<Area | null>(null);
  const view = useRef<Viewport | null>(null);
  const reach = useRef<Area | null>(null);

  const control = useMemo(() => {
    let size: Size | null = null;
    const measure = (): Size => {
      // Asked once a size, not once a move: the answer costs a layout.
      size ??= { width: frame.current?.clientWidth ?? 0, height: frame.current?.clientHeight ?? 0 };
      return size;
    };
    const resize = (): void => {
      size = null;
      change((now) => now);
    };
    const apply = (next: Viewport): void => {
      view.current = next;
      if (!layer.current) return;
      layer.current.style.transform = `translate(${next.x}px, ${next.y}px) scale(${next.zoom})`;
      layer.current.toggleAttribute('data-far', next.zoom < FAR_ZOOM);
      const seen = seeArea(next, measure());
      if (reach.current && holds(reach.current, seen)) return;
      reach.current = widen(seen);
      setArea(reach.current);
    };
    const change = (move: (view: Viewport) => Viewport): void => {
      if (view.current) apply(move(view.current));
    };
    return {
      measure,
      resize,
      apply,
      change,
      zoomBy(factor: number) {
        const { width, height } = measure();
        change((now) => zoomAt(now, { x: width / 2, y: height / 2 }, factor));
      },
      panBy: (dx: number, dy: number) => change((now) => ({ ...now, x: now.x + dx, y: now.y + dy })),
      reveal: (part: Area) => change((now) => reveal(now, part, measure())),
    };
  }, [frame, layer]);

  const isReady = graph !== null;
  const fit = () => {
    if (graph) control.apply(fitGraph(graph, control.measure()));
  };
  // Once: a graph that changes later moves nothing by itself.
  useEffect(() => {
    if (graph && view.current === null) control.apply(openGraph(graph, control.measure(), entry));
  }, [isReady]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const stop = listenToPointers(element, control.change, () => liftLayer(layer.current));
    // What is seen of the same view changes with the frame.
    const resized = new ResizeObserver(control.resize);
    resized.observe(element);
    return () => {
      stop();
      resized.disconnect();
    };
  }, [control, frame, layer]);

  return { area, fit, zoomBy: control.zoomBy, panBy: control.panBy, reveal: control.reveal };
}

/**
 * Makes of the layer one of the compositor as long as it is dragged, by an animation that stands still and adds nothing:
 * one that is animated is moved as it is. By `will-change` it would be moved too, but Chromium looked at all that it
 * draws in each frame, most of the page's work. Answers how to let it down.
 */
function liftLayer(layer: HTMLElement | null): () => void {
  const nowhere = 'translate(0)';
  const still = layer?.animate({ transform: [nowhere, nowhere] }, { duration: 1, composite: 'add' });
  still?.pause();
  return () => still?.cancel();
}
