import { type KeyboardEvent, type PointerEvent, useState } from 'react';

const KEY = 'buildit.run-list';
const LEAST = 220;
const MOST = 560;
const USUAL = 320;
const STEP = 16;

/** Width of the stage list, kept for this browser. */
export function useListWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(readWidth);
  return [
    width,
    (wish) => {
      const next = Math.min(MOST, Math.max(LEAST, Math.round(wish)));
      setWidth(next);
      try {
        localStorage.setItem(KEY, String(next));
      } catch {
        // Kept by a browser that allows it.
      }
    },
  ];
}

function readWidth(): number {
  try {
    const kept = Number(localStorage.getItem(KEY));
    return kept >= LEAST && kept <= MOST ? kept : USUAL;
  } catch {
    return USUAL;
  }
}

/** The border between list and centre, moved by mouse and arrows. */
export function Splitter({ width, onWidth }: { width: number; onWidth(width: number): void }) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onWidth(width + event.movementX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: width - STEP, ArrowRight: width + STEP, Home: LEAST, End: MOST }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onWidth(next);
  };
  return (
    <div
      role="separator"
      aria-label="Width of the stage list"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onWidth(USUAL)}
      className="group -mx-1 flex w-2 shrink-0 cursor-col-resize touch-none justify-center max-lg:hidden"
    >
      <span className="w-px bg-(--border-subtle) group-hover:bg-accent" />
    </div>
  );
}
