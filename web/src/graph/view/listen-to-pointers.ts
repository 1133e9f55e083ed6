import { type Viewport, zoomAt } from './viewport.ts';

/** A pointer that moved less has clicked. */
const DRAG_FROM = 4;

/** Drag pans, two fingers, wheel and pinch zoom. `onDrag` answers what to do when the drag is over. Answers how to stop listening. */
export function listenToPointers(
  frame: HTMLElement,
  change: (move: (view: Viewport) => Viewport) => void,
  onDrag: () => () => void,
): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  let endDrag: (() => void) | null = null;
  let box = frame.getBoundingClientRect();
  const locate = (event: MouseEvent) => {
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onDown = (event: PointerEvent) => {
    if (event.button > 1) return;
    box = frame.getBoundingClientRect();
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, locate(event));
  };
  const onMove = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const after = locate(event);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    pointers.set(event.pointerId, after);
    moved += Math.abs(after.x - before.x) + Math.abs(after.y - before.y);
    const [other] = others;
    if (other) {
      const spread = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      const middle = { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 };
      change((view) => zoomAt(view, middle, spread(after) / Math.max(1, spread(before))));
    } else if (moved >= DRAG_FROM) {
      if (!frame.hasPointerCapture(event.pointerId)) frame.setPointerCapture(event.pointerId);
      frame.toggleAttribute('data-dragged', true);
      endDrag ??= onDrag();
      change((view) => ({ ...view, x: view.x + after.x - before.x, y: view.y + after.y - before.y }));
    }
  };
  const onUp = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    // The click of a drag comes after this.
    setTimeout(() => frame.toggleAttribute('data-dragged', false));
    endDrag?.();
    endDrag = null;
  };
  const onClick = (event: MouseEvent) => {
    if (moved < DRAG_FROM || event.detail === 0) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    box = frame.getBoundingClientRect();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      change((view) => ({ ...view, x: view.x - event.deltaX * unit }));
      return;
    }
    // A pinch on a touchpad comes as a wheel with Ctrl, in finer steps.
    const speed = event.ctrlKey ? 0.01 : 0.0015;
    change((view) => zoomAt(view, locate(event), Math.exp(-event.deltaY * unit * speed)));
  };
  frame.addEventListener('pointerdown', onDown);
  frame.addEventListener('pointermove', onMove);
  frame.addEventListener('pointerup', onUp);
  frame.addEventListener('pointercancel', onUp);
  frame.addEventListener('click', onClick, { capture: true });
  frame.addEventListener('wheel', onWheel, { passive: false });
  return () => {
    endDrag?.();
    frame.removeEventListener('pointerdown', onDown);
    frame.removeEventListener('pointermove', onMove);
    frame.removeEventListener('pointerup', onUp);
    frame.removeEventListener('pointercancel', onUp);
    frame.removeEventListener('click', onClick, { capture: true });
    frame.removeEventListener('wheel', onWheel);
  };
}
