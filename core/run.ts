import type { ArtifactReference, AttemptResult, ObjectReference, Reason, RunFacts } from './attempt.ts';
import type { RunChange } from './change.ts';
import type { ParentRun } from './child-run.ts';
import type { CommitPlace } from './concurrency.ts';
import type { ContinuedRun } from './continued-run.ts';
import type { Ending } from './ending.ts';
import type { ApproveRule, Decision } from './gate.ts';
import type { Outline } from './outline.ts';
import type { PackedOutline } from './packed-outline.ts';

/** Input of the workflow `pipelineRun`. */
export interface RunInput {
  runId: string;
  /** `main/main` */
  workspace: string;
  run: RunFacts;
  plan: ObjectReference;
  outline: Outline | PackedOutline;
  /** Stages at once; null means as many as the edges allow. */
  maxParallel: number | null;
  /** Results taken over from an earlier run, by node: these are not run again. */
  carried: Record<string, NodeResult>;
  /** Actor who started the run, for gates with `no-self`: `user:local`. */
  startedBy: string;
  /** Where its commit stands on its branch, for `skip-older`; absent when nobody knows. */
  commit?: CommitPlace;
  /** The stage that started it. */
  parent?: ParentRun;
  /** How it shares with others; absent for a local run, which has the machine to itself. */
  share?: RunShare;
  /** What an earlier execution of this workflow left; absent in the first. */
  continued?: ContinuedRun;
}

/** Place of a run among those of other workspaces (Temporal priority and fairness). */
export interface RunShare {
  /** 1 first, 5 last. */
  priority: number;
  /** Whose share it takes from: the workspace's id. */
  key: string;
  /** Of the workspace, against others that wait too. */
  weight: number;
}

/** How a node of the graph ended. */
export interface NodeResult {
  ending: Ending;
  reason: Reason | null;
  outputs: Record<string, string>;
  artifacts: ArtifactReference[];
  /** Attempts it took; 0 when none ran. */
  attempts: number;
  /** Label of the run whose result this is, when carried over. */
  carriedFrom: string | null;
}

/** Kinds of {@link Status}, in the order a run goes through them. */
export const STATUS_KINDS = ['waiting', 'queued', 'running', 'cancelling', 'paused', 'ended'] as const;

/** The `status` of runs, stages and gates everywhere: rows, REST objects, stream, queries (UI §9). */
export type Status =
  | { kind: 'waiting'; reason: Reason }
  /** `reason` where it is known what has to be free first. */
  | { kind: 'queued'; since: string; reason?: Reason }
  | { kind: 'running'; attempt: number; since: string; heartbeatAt: string }
  | { kind: 'cancelling'; since: string }
  | { kind: 'paused'; reason: Reason }
  | { kind: 'ended'; ending: Ending; reason: Reason | null; at: string };

/** A gate that asks for a decision, or has one. */
export interface GateState {
  /** Name of the gate node, or of the stage it stands before. */
  name: string;
  status: Status;
  openedAt: string | null;
  expiresAt: string | null;
  decisions: Decision[];
  /** Last reminder (`remind`), null before the first. */
  remindedAt: string | null;
  unmet: ApproveRule[];
}

/** Answer of the workflow query `state`: all of the run, for operators and tests. */
export interface RunState {
  runId: string;
  status: Status;
  nodes: { name: string; status: Status; attempts: AttemptResult[] }[];
  gates: GateState[];
  /** Monotonic; of the last transition. */
  version: number;
}

/**
 * What the workflow hands to `recordBatch`: whole objects as they stand, so repeating or
 * reordering does no harm. A row is written only if `version` is greater than its own.
 */
export interface RecordBatch {
  runId: string;
  version: number;
  at: string;
  run: Status | null;
  nodes: { name: string; status: Status; result: NodeResult | null }[];
  gates: GateState[];
  /** Changes that people made, to be kept with the history; each once, by its id. */
  changes?: RunChange[];
  /** With the end of the run: the host that it leaves, where nothing but this one holds it. */
  leaves?: string;
}

/** Result of the workflow. */
export interface RunResult {
  ending: Ending;
  results: Record<string, NodeResult>;
}
