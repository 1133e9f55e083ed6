import type { RunObject, StageObject } from '#core/rest.ts';

/** How long a run waited before its first stage began, and how long it has been at work since, ms. */
export interface RunTimes {
  waitedMs: number;
  /** Null before the first stage began. */
  elapsedMs: number | null;
}

/** @param now the server's time, ms */
export function measureRun(run: RunObject, stages: readonly StageObject[], now: number): RunTimes {
  const created = Date.parse(run.createdAt);
  const end = run.endedAt === null ? now : Date.parse(run.endedAt);
  // A result carried from an earlier run began in that one.
  const own = stages.filter(({ carriedFrom }) => carriedFrom === null);
  const starts = own.flatMap(({ attempts }) => attempts.flatMap(({ startedAt }) => startedAt ?? [])).toSorted();
  const first = starts[0] === undefined ? null : Date.parse(starts[0]);
  return {
    waitedMs: Math.max(0, (first ?? end) - created),
    elapsedMs: first === null ? null : Math.max(0, end - first),
  };
}

/** Fewer runs than this tell nothing about the next. */
const LEAST_RUNS = 3;

/** Middle of the durations of earlier runs, ms; null when there are too few. */
export function findMedian(durations: readonly number[]): number | null {
  if (durations.length < LEAST_RUNS) return null;
  const ordered = durations.toSorted((left, right) => left - right);
  const middle = Math.floor(ordered.length / 2);
  const [low = 0, high = 0] = [ordered[middle - 1], ordered[middle]];
  return ordered.length % 2 === 1 ? high : (low + high) / 2;
}
