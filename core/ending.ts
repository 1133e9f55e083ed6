/**
 * How a stage, a leg, a gate or a run ends. One const, from which the union, the
 * database enum and the tables of the user interface are derived (LANGUAGE §4).
 *
 * - `passed`      did what it should
 * - `soft-failed` failed, and the file allows that; dependents run, the run passes with warnings
 * - `failed`      the user's own command or check said no
 * - `errored`     the platform's fault, named by a {@link Fault}
 * - `timed-out`   its time limit expired
 * - `cancelled`   somebody asked for a cancel
 * - `rejected`    a gate said no
 * - `skipped`     did not need to run; carries the reason and the values that decided it
 * - `not-run`     could not run because something before it did not succeed
 */
export const ENDINGS = [
  'passed',
  'soft-failed',
  'failed',
  'errored',
  'timed-out',
  'cancelled',
  'rejected',
  'skipped',
  'not-run',
] as const;

export type Ending = (typeof ENDINGS)[number];

/** Worst first. A run ends as its worst stage does; what is not listed counts as passed. */
const WORST_FIRST: readonly Ending[] = ['errored', 'failed', 'timed-out', 'rejected', 'soft-failed'];

/** An edge that wants success is satisfied by these (LANGUAGE §4, `needs`). */
export function isSuccess(ending: Ending): boolean {
  return ending === 'passed' || ending === 'soft-failed' || ending === 'skipped';
}

/** What `need … on="failed"` is satisfied by. */
export function isFailure(ending: Ending): boolean {
  return ending === 'failed' || ending === 'errored' || ending === 'timed-out' || ending === 'rejected';
}

/**
 * The ending of a run from those of its stages and gates. `soft-failed` stands for "passed with warnings". A cancelled
 * run is `cancelled` whatever its stages did; one whose time limit expired is `timed-out` unless something worse
 * happened, also when its last stage still passed while it was being stopped.
 */
export function worstEnding(endings: Iterable<Ending>, stop: 'cancelled' | 'timed-out' | null): Ending {
  if (stop === 'cancelled') return 'cancelled';
  const seen = new Set(endings);
  if (stop) seen.add(stop);
  return WORST_FIRST.find((ending) => seen.has(ending)) ?? 'passed';
}
