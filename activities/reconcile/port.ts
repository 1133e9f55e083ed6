import type { RunResult } from '#core/run.ts';

/** What Temporal knows of runs, for comparing. Throws when the server does not answer. */
export interface WorkflowDirectory {
  find(runId: string): Promise<WorkflowStanding>;
  /** Run ids of all workflows that are open, in no order. May miss what began or ended a moment ago. */
  listOpen(): AsyncIterable<string>;
  /** How many these are. */
  countOpen(): Promise<number>;
  /** Those whose tasks failed again and again, where the server keeps account of it (engine/temporal-settings.ts). */
  listReported(): AsyncIterable<string>;
}

export type WorkflowStanding =
  | { kind: 'open' }
  /** Open, but its history cannot be carried on by the present code: its workflow task fails again and again. */
  | { kind: 'stuck' }
  /** `result` only when it came to its own end. */
  | { kind: 'closed'; how: string; result: RunResult | null }
  /** Never started, or forgotten after its retention. */
  | { kind: 'unknown' };

/** What was found and done. */
export interface Reconciliation {
  /** Open rows whose workflow was over: they are ended now. */
  ended: string[];
  /** Open runs that the present code cannot carry on: shown as paused (ENGINE 9). */
  paused: string[];
  /** Runs of which something was left on a host: removed now. */
  reaped: string[];
  /** Places of workspaces that nobody held any more: given back now. */
  freed: number;
  /** What could not be compared or repaired, in words. */
  troubles: string[];
}
