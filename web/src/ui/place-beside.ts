export type Side = 'top' | 'bottom' | 'bottom-end' | 'right';

const GAP = 6;
const MARGIN = 8;

/** Puts a popover that is shown beside its anchor, on the other side where there is no room, and wholly in view. */
export function placeBeside(popover: HTMLElement, anchor: Element, side: Side): void {
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const { clientWidth, clientHeight } = document.documentElement;
  const spot = findSpot(from, { width, height }, side, clientHeight);
  const keepIn = (value: number, size: number, room: number) => Math.max(MARGIN, Math.min(value, room - size - MARGIN));
  popover.style.position = 'fixed';
  popover.style.left = `${keepIn(spot.left, width, clientWidth)}px`;
  popover.style.top = `${keepIn(spot.top, height, clientHeight)}px`;
}

function findSpot(
  from: DOMRect,
  size: { width: number; height: number },
  side: Side,
  clientHeight: number,
): { left: number; top: number } {
  const above = from.top - size.height - GAP;
  const below = from.bottom + GAP;
  switch (side) {
    case 'top':
      return { left: from.left + (from.width - size.width) / 2, top: above < MARGIN ? below : above };
    case 'bottom':
      return { left: from.left, top: hasRoomBelow() ? below : above };
    case 'bottom-end':
      return { left: from.right - size.width, top: hasRoomBelow() ? below : above };
    case 'right':
      return { left: from.right + GAP, top: from.top };
    default:
      return side satisfies never;
  }

  function hasRoomBelow(): boolean {
    return below + size.height <= clientHeight - MARGIN || above < MARGIN;
  }
}
