import { type PointerEvent, useRef, useState } from 'react';
import { formatDuration } from '#core/duration.ts';
import { usePreference } from '../app/preferences.ts';
import { zonedClock } from '../ui/zoned-clock.ts';
import { listTicks, type Stretch, type TimeScale } from './time-scale.ts';

interface TimelineAxisProps {
  scale: TimeScale;
  width: number;
  /** Beginning of the run, ms: elapsed time counts from it. */
  origin: number;
  isClock: boolean;
  onZoom(stretch: Stretch): void;
  onOpenBreak(stretch: Stretch): void;
}

const writeClock = zonedClock({ timeStyle: 'medium' });
/** Between marks, px: a clock with its zone is wider. */
const GAPS = { local: 90, utc: 120 } as const;
/** A brush that is narrower was a click. */
const LEAST_BRUSH = 6;

/** Marks of time above the rows, and below them what opens idle time; drawn over with the pointer it zooms. */
export function TimelineAxis({ scale, width, origin, isClock, onZoom, onOpenBreak }: TimelineAxisProps) {
  const zone = usePreference('clock');
  const axis = useRef<HTMLDivElement>(null);
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null);
  const locate = (event: PointerEvent) => event.clientX - (axis.current?.getBoundingClientRect().left ?? 0);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if ((event.target as HTMLElement).closest('button')) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setBrush({ from: locate(event), to: locate(event) });
  };
  const onPointerUp = () => {
    setBrush(null);
    if (!brush || Math.abs(brush.to - brush.from) < LEAST_BRUSH) return;
    const [left, right] = [brush.from, brush.to].toSorted((one, other) => one - other);
    onZoom({ from: scale.toTime(left ?? 0), to: scale.toTime(right ?? 0) });
  };
  const write = (time: number) => (isClock ? writeClock(time, zone) : formatElapsed(time - origin));
  return (
    <div
      ref={axis}
      className="relative h-11 touch-none cursor-crosshair select-none"
      style={{ width }}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => brush && setBrush({ ...brush, to: locate(event) })}
      onPointerUp={onPointerUp}
    >
      {listTicks(scale, width, origin, isClock ? GAPS[zone] : GAPS.local).map((time) => (
        <span
          key={time}
          className="tabular absolute top-0.5 border-l border-(--border-control) pl-1 text-12 text-2 whitespace-nowrap"
          style={{ left: scale.toX(time) }}
        >
          {write(time)}
        </span>
      ))}
      {scale.breaks.map((stretch) => (
        <button
          key={stretch.from}
          type="button"
          title={`${formatDuration(stretch.to - stretch.from)} in which nothing ran: show it`}
          aria-label={`Show ${formatDuration(stretch.to - stretch.from)} in which nothing ran`}
          className="absolute bottom-0 flex h-6 items-center justify-center rounded-4 border border-subtle bg-elevated text-12 text-2 hover:bg-hover"
          style={{ left: stretch.x, width: stretch.width }}
          onClick={() => onOpenBreak(stretch)}
        >
          …
        </button>
      ))}
      {brush ? (
        <span
          className="absolute inset-y-0 bg-active opacity-70"
          style={{ left: Math.min(brush.from, brush.to), width: Math.abs(brush.to - brush.from) }}
        />
      ) : null}
    </div>
  );
}

/** Without tenths where the marks are a second apart or more. */
function formatElapsed(ms: number): string {
  const text = formatDuration(Math.max(0, ms));
  return ms % 1_000 === 0 ? text.replace(/\.0s$/, 's') : text;
}
