import { useRef, type RefObject } from 'react';

export type Box = RefObject<HTMLElement | null>;

/** Whether rows may come in now: at the top of the page, with pointer and focus elsewhere (UI §4). */
export function mayJoin(box: Box): boolean {
  return isAtTop() && !hasFocus(box) && !(box.current?.matches(':hover') ?? false);
}

/** The same where the head orders the rows: it keeps the focus when it has been pressed. */
export function mayReorder(box: Box): boolean {
  return isAtTop() && !box.current?.querySelector('tbody:hover, tbody :focus');
}

/**
 * Changes when rows have come or gone: then they are drawn anew, as a row that moves is a shift of the page. Not where
 * a focus, or whatever else `isInUse` says, would be lost with its row.
 */
export function useGeneration(
  box: Box,
  items: readonly { id: string }[] | undefined,
  isInUse: (box: Box) => boolean = hasFocus,
): number {
  const drawn = useRef({ ids: '', generation: 0 });
  const ids = items?.map(({ id }) => id).join() ?? '';
  if (ids !== drawn.current.ids) {
    drawn.current = { ids, generation: drawn.current.generation + (isInUse(box) ? 0 : 1) };
  }
  return drawn.current.generation;
}

export function hasFocus(box: Box): boolean {
  return box.current?.contains(document.activeElement) ?? false;
}

export function isAtTop(): boolean {
  return (document.querySelector('main')?.scrollTop ?? 0) === 0;
}

export function goToTop(): void {
  document.querySelector('main')?.scrollTo({ top: 0 });
}
