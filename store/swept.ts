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
}

/** What one step has come to: something that went, nothing, or something that could not go, which stays. */
export type SweepStep = { kind: 'swept'; swept: Swept } | { kind: 'looked' } | { kind: 'trouble'; text: string };

/**
 * A sweep in steps of one object or a few. Who takes them may stop between any two and go on minutes later where it was,
 * or never: what counts as young is settled at the first, and what somebody has relied on since is younger.
 */
export type SweepWalk = AsyncGenerator<SweepStep, void, void>;

export const LOOKED: SweepStep = { kind: 'looked' };

/** All of a walk without a stop. Throws what it comes upon. */
export async function walkThrough(walk: SweepWalk): Promise<Swept> {
  let all = NOTHING_SWEPT;
  for await (const step of walk) {
    if (step.kind === 'trouble') throw new Error(step.text);
    if (step.kind === 'swept') all = addSwept(all, step.swept);
  }
  return all;
}
