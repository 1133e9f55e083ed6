import type { RunMark } from '#core/rest-pipelines.ts';

/** What the last runs of a pipeline say about it. */
export interface Statistics {
  /** Of the runs that count: passed or failed. */
  count: number;
  /** Of 100; null when none counts. */
  passedPercent: number | null;
  /** Half of the ended ones took no longer; null without any. */
  medianMs: number | null;
  /** 95 of 100 of them took no longer. */
  p95Ms: number | null;
  /** Open now. */
  open: number;
}

/** Cancelled and rejected runs say nothing of the pipeline's health (UI §4.15). */
export function measurePipeline(runs: readonly RunMark[]): Statistics {
  const passed = runs.filter(({ state }) => state === 'passed' || state === 'soft-failed').length;
  const failed = runs.filter(({ state }) => state === 'failed' || state === 'errored' || state === 'timed-out').length;
  const durations = runs
    .flatMap(({ state, durationMs }) => (isEnded(state) && durationMs !== null ? [durationMs] : []))
    .toSorted((a, b) => a - b);
  const count = passed + failed;
  return {
    count,
    passedPercent: count === 0 ? null : Math.round((passed / count) * 100),
    medianMs: durations[Math.floor((durations.length - 1) / 2)] ?? null,
    p95Ms: durations[Math.ceil(durations.length * 0.95) - 1] ?? null,
    open: runs.filter(({ state }) => !isEnded(state)).length,
  };
}

const OPEN: ReadonlySet<string> = new Set(['waiting', 'queued', 'running', 'cancelling', 'paused']);

export function isEnded(state: RunMark['state']): boolean {
  return !OPEN.has(state);
}
