import type { AskedChange } from '#core/change.ts';
import type { GroupState } from '#core/concurrency.ts';
import type { Decision } from '#core/gate.ts';
import type { SweepReport } from '#core/leftovers.ts';
import type { RunInput } from '#core/run.ts';

/**
 * What the API asks of the workflows. Repeating a call with the same ids acts once. Every verb throws the fault
 * `temporal-unreachable` (retry) when the server does not answer.
 */
export interface WorkflowGateway {
  /**
   * Starts the run's workflow in the trace of `traceParent`, or finds it started. Throws `workflow-refused` (no retry) for
   * what never can be.
   */
  start(input: RunInput, traceParent?: string | null): Promise<void>;
  /** Sends an update and waits for its verdict until `signal` aborts: then `pending`. */
  update(runId: string, update: RunUpdate, signal: AbortSignal): Promise<UpdateVerdict>;
  /** Tells the run that a stage of it may have the place it waits for. Without effect when none is open. */
  tellPlaceGiven(runId: string, stage: string): Promise<void>;
  /** Who has and who waits for the places of a concurrency group; null when nobody has asked for it lately. */
  readGroup(workspace: string, group: string): Promise<GroupState | null>;
  /** Frees a place of a group. False: nobody has or wants it. */
  releasePlace(workspace: string, group: string, place: string): Promise<boolean>;
  /** Ends the run's workflow without its help. False: none was open. */
  terminate(runId: string, reason: string): Promise<boolean>;
  /** Whether the run's workflow is open, as Temporal sees it; null when it knows none. */
  findOpen(runId: string): Promise<boolean | null>;
  /**
   * Sweeps what nobody needs any more, or with `isDry` counts it. Null: somebody else is at it, or it was cut off. Throws
   * what the sweep failed of.
   */
  prune(isDry: boolean): Promise<SweepReport | null>;
  /** Version of the Temporal server. */
  readVersion(): Promise<string>;
  /** What waits in these task queues, and who asked for work of them lately; in the same order. */
  describeQueues(queues: readonly string[]): Promise<QueueState[]>;
}

/** A task queue as Temporal sees it: its workflow tasks and its activities together. */
export interface QueueState {
  queue: string;
  /** Tasks that no worker has taken, about. */
  backlog: number;
  /** How long the first of them waits, ms; 0 without any. */
  oldestMs: number;
  pollers: Poller[];
}

/** A worker that asked for work. */
export interface Poller {
  /** `PID@HOST` unless the worker says otherwise. */
  identity: string;
  /** ISO; null when it is not known. */
  seenAt: string | null;
}

export type RunUpdate =
  | { id: string; name: 'decideGate'; args: [gate: string, decision: Decision] }
  | { id: string; name: 'changeRun'; args: [change: AskedChange] }
  | { id: string; name: 'cancelRun'; args: [request: { id: string; by: string; force: boolean }] };

export type UpdateVerdict =
  | { kind: 'accepted' }
  /** `code` is the type of the workflow's refusal: see workflows/messages.ts. */
  | { kind: 'refused'; code: string; message: string }
  /** No open workflow has this run: over, or not started yet. */
  | { kind: 'absent' }
  | { kind: 'pending' };
