/** What a sweep has removed, or would remove, of one kind. */
export interface Swept {
  count: number;
  bytes: number;
  /** Since when nobody has touched the oldest of them, ms since epoch; null of none, and where nobody knows. */
  oldestAt: number | null;
}

export const NOTHING_SWEPT: Swept = { count: 0, bytes: 0, oldestAt: null };

export function addSwept(left: Swept, right: Swept): Swept {
  const times = [left.oldestAt, right.oldestAt].filter((time) => time !== null);
  return {
    count: left.count + right.count,
    bytes: left.bytes + right.bytes,
    oldestAt: times.length === 0 ? null : Math.min(...times),
  };
}

/** How a sweep goes about it. */
export interface SweepOptions {
  /** What somebody has touched later than this many ms ago stays: a writer may be about to refer to it. */
  graceMs: number;
  /** Only counts. */
  isDry: boolean;
  /** Ends it between two objects: what is left goes the next time. */
  signal: AbortSignal;
}
