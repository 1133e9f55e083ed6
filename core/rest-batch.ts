import type { Problem, RunObject } from './rest.ts';

/** Items of a batch (UI §9). */
export const MOST_OF_BATCH = 100;

/** Body of `POST runs/cancel`: runs of one workspace, all of them or none. */
export interface CancelRunsRequest {
  /** Ids. */
  runs: string[];
}

/** Body of `POST runs/rerun`. */
export interface RerunRunsRequest extends CancelRunsRequest {
  /** Of each what failed and what depends on it, or all of it. */
  kind: 'failed' | 'all';
}

/** What a workflow said to the cancel of its run: none was in a state that forbids it when they were sent. */
export type CancelledRun = { id: string; label: string } & (
  | { state: 'accepted' }
  /** The command that tells later. */
  | { state: 'pending'; command: string }
  | { state: 'refused'; problem: Problem }
);

/** In the order of the request. */
export interface CancelledRuns {
  items: CancelledRun[];
}

/** The new runs, in the order of the request. */
export interface RerunRuns {
  items: RunObject[];
}
