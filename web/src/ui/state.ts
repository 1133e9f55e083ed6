import type { Ending } from '#core/ending.ts';
import type { Status } from '#core/run.ts';

/** What a person sees of a {@link Status}: a kind of wait, of running and an ending each have a look of their own. */
export type State =
  | Ending
  | Exclude<Status['kind'], 'ended' | 'waiting'>
  | 'passed-with-warnings'
  | 'waiting-needs'
  | 'waiting-decision'
  | 'waiting-turn'
  | 'retrying'
  | 'silent';

/** A running stage whose last sign of life is older than this is shown as silent, and its clock stops. */
export const SILENT_AFTER_MS = 20_000;

/** Codes of reasons that name needs; every other wait is for a turn, a window or a timer, but for a decision. */
const NEEDS: ReadonlySet<string> = new Set(['needs', 'starting', 'not-open']);

/**
 * The state of a stage, a gate or a run at the server's time `now`.
 * @param of a run shows a soft failure as a pass with warnings; stages that run have signs of life, runs have none
 */
export function stateOf(status: Status, of: 'run' | 'stage' | 'gate', now: number): State {
  switch (status.kind) {
    case 'ended':
      return of === 'run' && status.ending === 'soft-failed' ? 'passed-with-warnings' : status.ending;
    case 'waiting':
      if (status.reason.code === 'gate') return 'waiting-decision';
      return NEEDS.has(status.reason.code) ? 'waiting-needs' : 'waiting-turn';
    case 'running':
      if (of === 'stage' && now - Date.parse(status.heartbeatAt) > SILENT_AFTER_MS) return 'silent';
      return of === 'stage' && status.attempt > 1 ? 'retrying' : 'running';
    case 'queued':
    case 'cancelling':
    case 'paused':
      return status.kind;
    default:
      return status satisfies never;
  }
}

/** Worst first: a group shows its worst member (UI §2). */
export const WORST_FIRST: readonly State[] = [
  'errored',
  'failed',
  'timed-out',
  'rejected',
  'silent',
  'waiting-decision',
  'cancelled',
  'cancelling',
  'soft-failed',
  'passed-with-warnings',
  'retrying',
  'running',
  'paused',
  'queued',
  'waiting-turn',
  'waiting-needs',
  'passed',
  'skipped',
  'not-run',
];

/** The worst of a group with how many are how, worst first; null for an empty one. */
export function summarizeStates(states: readonly State[]): { worst: State; counts: [State, number][] } | null {
  const counts = WORST_FIRST.map((state): [State, number] => [state, states.filter((one) => one === state).length]);
  const present = counts.filter(([, count]) => count > 0);
  const worst = present[0]?.[0];
  return worst === undefined ? null : { worst, counts: present };
}
