import type { Reason } from '#core/attempt.ts';

/** The machine a stage with labels goes to, or why there is none. */
export type RunnerSearch = { kind: 'found'; hostId: string; queue: string } | { kind: 'none'; reason: Reason };

/** What a machine says of itself. */
export interface KeptRunner {
  hostId: string;
  queue: string;
  labels: string[];
  leaseMs: number;
  version?: string;
  /** Stages that execute there at once. */
  maxStages?: number;
  /** Whether it executes stages without isolation, too. */
  processExecutor?: boolean;
}

/** Machines that take stages, and what they say of themselves; times are the database's. May all be repeated. */
export interface RunnerRecords {
  /** This machine is there for `leaseMs` more; 0: until it says otherwise. */
  keepRunner(runner: KeptRunner): Promise<void>;
  removeRunner(hostId: string): Promise<void>;
  findRunner(labels: readonly string[]): Promise<RunnerSearch>;
  /** Stages that wait for a machine with their labels. */
  listAwaiting(): Promise<{ runId: string; stage: string }[]>;
}
