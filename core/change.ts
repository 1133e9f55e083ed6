/**
 * What people change in a run while it is open: the argument of the update `changeRun` and, as it was done, an event of
 * the run's history. `id` is the request's key, so a repeated request acts once.
 */
export type RunChange = ChangeBy &
  (
    | { kind: 'pause'; reason: string | null }
    | { kind: 'resume' }
    /** More time for a stage, or with `stage` null for the run as a whole. */
    | { kind: 'extend'; stage: string | null; ms: number }
    | { kind: 'skip'; stage: string; reason: string | null }
    /** Another attempt of a stage that failed. */
    | { kind: 'retry'; stage: string }
    /** Kept like the others, asked for by an update of its own. */
    | { kind: 'cancel'; force: boolean }
  );

/** What the update `changeRun` takes. */
export type AskedChange = Exclude<RunChange, { kind: 'cancel' }>;

export interface ChangeBy {
  id: string;
  /** Actor id. */
  by: string;
}

/** All that a stage or a run may be given beyond its own limit, ms. */
export const MAX_EXTENSION_MS = 24 * 3_600_000;

/** Name of the stage a change is about; empty for the run itself. */
export function targetOf(change: RunChange): string {
  return 'stage' in change ? (change.stage ?? '') : '';
}
