import type { CacheUse } from './cache.ts';
import type { Ending } from './ending.ts';
import type { Fault } from './fault.ts';
import type { Growth } from './growth.ts';
import type { ExecutorKind } from './plan.ts';
import type { Values } from './text.ts';

/** An object in our store, by key and digest of its content. */
export interface ObjectReference {
  key: string;
  /** SHA-256, hex. */
  digest: string;
  bytes: number;
}

/** A finished artifact: immutable, addressed by who made it. */
export interface ArtifactReference {
  runId: string;
  /** Leg. */
  stage: string;
  attempt: number;
  name: string;
  manifest: ObjectReference;
  files: number;
  /** Total size of the files. */
  bytes: number;
}

/** Why something is as it is, with the values that decided (`buildit why`). */
export interface Reason {
  /** Kebab-case: `when-false`, `need-failed`, `needs-skipped`, `output-missing`, `fail-fast`, `cancelled`, `exit`, … */
  code: string;
  message: string;
  values?: Record<string, string>;
}

/** Facts of the run a stage may see. */
export interface RunFacts {
  /** `local/17`, `local/17.2` */
  label: string;
  number: number;
  /** Counts re-runs of the number, from 1. */
  attempt: number;
  /** Empty while no port is open. */
  url: string;
  trigger: string;
}

/** All that one attempt of one stage (leg) needs; the rest it reads from the plan in the store. */
export interface StageTask {
  runId: string;
  plan: ObjectReference;
  /** Name of the stage or leg in the plan. */
  stage: string;
  /** Ours, from 1; what people see. Never Temporal's. */
  attempt: number;
  /** Orders the rows this attempt writes among those of the workflow: greater is newer. */
  version: number;
  run: RunFacts;
  /** Values of the late paths this stage reads (`stages.build.outputs.tag`). */
  values: Values;
  artifacts: ArtifactReference[];
  /** Earlier attempts, oldest first: `settle` looks at them. */
  previous: AttemptSummary[];
  /** A task of this attempt was given up before, which may have begun it: what is gone is lost, and not begun anew. */
  isAgain?: true;
  /** It was cancelled under a worker that told no more of it: what there is of it is ended, and nothing begun. */
  isCancelled?: true;
}

/** What stays of an attempt when it is over: enough to decide about another one. */
export interface AttemptSummary {
  attempt: number;
  ending: AttemptEnding;
  exitCode: number | null;
  /** False only if the container or process provably never ran a step. */
  started: boolean;
  /** Indices of retry rules whose `log-match` was found. */
  logMatches: number[];
  /** Code of the fault when `errored`. */
  faultCode: string | null;
}

export type AttemptEnding = Extract<Ending, 'passed' | 'failed' | 'errored' | 'timed-out' | 'cancelled'>;

/** The stage may not begin yet: it is called again when its place is given to it. */
export interface PlaceQueued {
  queued: Reason;
}

export interface AttemptResult extends AttemptSummary {
  /** 1-based step that ended the attempt, null when all ran or none did. */
  step: number | null;
  reason: Reason | null;
  fault: Fault | null;
  outputs: Record<string, string>;
  artifacts: ArtifactReference[];
  startedAt: string;
  endedAt: string;
  /** Of a generator that passed. */
  growth?: Growth;
  /** When its program itself began, image and source being there; null when none did. */
  programAt?: string | null;
  /** How long its steps took that another one followed, in their order, ms; absent of a program of one step. */
  stepMs?: number[];
  /** In the order of the file; absent of a stage that has none. */
  caches?: CacheUse[];
  /** When its artifacts were kept; null when it has none. */
  savedAt?: string | null;
}

/** A host that a run has claimed: its private task queue and how long the claim holds without renewal. */
export interface HostClaim {
  hostId: string;
  queue: string;
  leaseMs: number;
  /** Silence after which its worker is taken for dead, ms; absent of one that keeps to the usual. */
  heartbeatMs?: number;
  executor: ExecutorKind;
}
