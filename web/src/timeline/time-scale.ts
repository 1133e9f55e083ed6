/** A stretch of time, ms. */
export interface Stretch {
  from: number;
  to: number;
}

/** Where times stand on an axis that leaves idle time out. */
export interface TimeScale {
  domain: Stretch;
  /** px; what lies outside is clamped to the ends. */
  toX(time: number): number;
  /** ms */
  toTime(x: number): number;
  /** Idle stretches that are drawn as breaks, with their place in px. */
  breaks: (Stretch & { x: number; width: number })[];
}

/** Width of a break, px (UI §6). */
export const BREAK_WIDTH = 48;
/** Idle time above this share of the span shrinks. */
const IDLE_SHARE = 0.1;

/** Stretches of the domain in which nothing is busy and that are worth a break, in order. */
export function findIdle(domain: Stretch, busy: readonly Stretch[]): Stretch[] {
  const idle: Stretch[] = [];
  let free = domain.from;
  for (const { from, to } of busy.toSorted((left, right) => left.from - right.from)) {
    if (from > free) idle.push({ from: free, to: Math.min(from, domain.to) });
    free = Math.max(free, to);
    if (free >= domain.to) break;
  }
  if (free < domain.to) idle.push({ from: free, to: domain.to });
  const least = (domain.to - domain.from) * IDLE_SHARE;
  return idle.filter(({ from, to }) => to - from > least);
}

/** A scale over `width` px. A domain of no length, and an axis too narrow for its breaks, have none. */
export function createTimeScale(domain: Stretch, width: number, idle: readonly Stretch[]): TimeScale {
  const span = Math.max(1, domain.to - domain.from);
  const shown = idle.length * BREAK_WIDTH < width / 2 ? idle : [];
  const idleMs = shown.reduce((sum, { from, to }) => sum + to - from, 0);
  const perMs = (width - shown.length * BREAK_WIDTH) / Math.max(1, span - idleMs);
  const pieces: { from: number; to: number; x: number; width: number; isBreak: boolean }[] = [];
  let x = 0;
  let at = domain.from;
  const push = (to: number, wide: number, isBreak: boolean): void => {
    if (to > at) pieces.push({ from: at, to, x, width: wide, isBreak });
    x += to > at ? wide : 0;
    at = Math.max(at, to);
  };
  for (const { from, to } of shown) {
    push(from, (from - at) * perMs, false);
    push(to, BREAK_WIDTH, true);
  }
  push(domain.from + span, (domain.from + span - at) * perMs, false);
  return {
    domain,
    toX(time) {
      const piece = pieces.find(({ to }) => time <= to) ?? pieces.at(-1);
      if (!piece || time <= domain.from) return 0;
      return Math.min(width, piece.x + ((time - piece.from) / (piece.to - piece.from)) * piece.width);
    },
    toTime(px) {
      const piece = pieces.find((one) => px <= one.x + one.width) ?? pieces.at(-1);
      if (!piece || px <= 0) return domain.from;
      return Math.min(piece.to, piece.from + ((px - piece.x) / piece.width) * (piece.to - piece.from));
    },
    breaks: pieces
      .filter(({ isBreak }) => isBreak)
      .map((piece) => ({ from: piece.from, to: piece.to, x: piece.x, width: piece.width })),
  };
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 168].map((hours) => hours * HOUR),
];

/** Times for the marks of an axis, at least `gap` px apart, on round numbers since `origin`; none inside a break. */
export function listTicks(scale: TimeScale, width: number, origin: number, gap = 90): number[] {
  const { from, to } = scale.domain;
  const idleMs = scale.breaks.reduce((sum, stretch) => sum + stretch.to - stretch.from, 0);
  const free = width - scale.breaks.length * BREAK_WIDTH;
  const least = ((to - from - idleMs) / Math.max(1, free)) * gap;
  const step = STEPS.find((one) => one >= least) ?? Math.ceil(least / (24 * HOUR)) * 24 * HOUR;
  const ticks: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let time = origin + Math.ceil((from - origin) / step) * step;
  while (time <= to) {
    const hole = scale.breaks.find((stretch) => time > stretch.from && time < stretch.to);
    if (hole) {
      time = origin + Math.ceil((hole.to - origin) / step) * step;
      if (time > to) break;
    }
    const x = scale.toX(time);
    // What is written beside the mark stays inside.
    if (x - last >= gap * 0.75 && width - x >= gap * 0.75) {
      ticks.push(time);
      last = x;
    }
    time += step;
  }
  return ticks;
}
