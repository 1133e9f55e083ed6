import type { AttemptResult, HostClaim, PlaceQueued, Reason, StageTask } from '#core/attempt.ts';
import type { CommitPlace, GroupAsk } from '#core/concurrency.ts';
import type { Growth } from '#core/growth.ts';
import type { SweepReport } from '#core/leftovers.ts';
import type { ExecutorKind } from '#core/plan.ts';
import type { RecordBatch, RunInput, RunShare, Status } from '#core/run.ts';
import type { Reconciliation } from './reconcile/port.ts';
import type { RunnerSearch } from './runner/port.ts';

/**
 * The activities the workflows call, by name. Workflows import this file's types alone.
 * Each does one thing to the world and may be called again at any time with the same
 * input: Temporal promises at least once, these make it once.
 */
export interface Activities {
  /**
   * Takes the run's row for this workflow execution, and writes down that it begins if it does so at once. Not ours:
   * another execution has it (Temporal forgot an old one with the same id); the caller ends without effect. Histories of
   * older releases have a boolean, and the begin in a batch of its own. A local activity.
   */
  claimRun(input: {
    runId: string;
    workflowRunId: string;
    begin?: RunBegin;
    /** What is needed at once of a host that has nothing to prepare: opened with the claim where there is no other. */
    opens?: HostOpening;
  }): Promise<RunClaim | boolean>;

  /**
   * Claims the host that polled this task for the run and opens the run there (network
   * sandbox, source): everything the stages share. Answers the host's private queue.
   */
  openHost(input: { runId: string } & HostOpening): Promise<HostClaim>;

  /**
   * One attempt of one stage, on the host's private queue. See activities/stage. Of a workspace whose stages at once
   * are limited it may answer that it waits for a place: then it has begun nothing.
   */
  runStage(task: StageTask): Promise<AttemptResult | PlaceQueued>;

  /** Whether the program of an attempt has begun, as far as anybody has written it down. A local activity. */
  hasBegun(input: { runId: string; stage: string; attempt: number }): Promise<boolean>;

  /** Removes what the run left on the host. On the host's private queue. */
  closeHost(input: { runId: string; hostId: string }): Promise<void>;

  /**
   * Called when a host takes no work: marks the claim lost and returns once its lease has run out, so that nothing of
   * the run is alive there (ARCHITECTURE §3.9). Not gone is a host that renews its claims: it has much to do.
   */
  awaitHostGone(input: { runId: string; hostId: string }): Promise<{ isGone: boolean }>;

  /** Writes transitions that no stage activity writes, and leaves a host that was opened with the claim. A local activity. */
  recordBatch(batch: RecordBatch): Promise<void>;

  /** Evaluates a late condition. A local activity. Throws a non-retryable fault `condition-failed`. */
  evaluateCondition(input: ConditionInput): Promise<{ value: boolean; values: Record<string, string> }>;

  /**
   * Makes the legs of a matrix whose axes are outputs (`lists`, by path) and adds them to the run: plan and rows. A
   * local activity. `none`: the lists leave no leg.
   */
  expandMatrix(input: { runId: string; stage: string; lists: Record<string, string> }): Promise<Expansion>;

  /** The machine for a stage with labels (`runs-on`), or why there is none now. A local activity. */
  findRunner(input: { labels: string[] }): Promise<RunnerSearch>;

  /** Whether a stage may deliver to an environment now. A local activity. */
  findEnvironment(input: { runId: string; environment: string }): Promise<EnvironmentState>;

  /** Writes down the run of another pipeline that a stage starts. The caller starts its workflow. A local activity. */
  startChild(input: {
    runId: string;
    stage: string;
    attempt: number;
    label: string;
    pipeline: string;
    params: Record<string, string>;
    share?: RunShare;
    /** Where the parent's commit stands, which is the child's. */
    commit?: CommitPlace;
  }): Promise<{ kind: 'started'; input: RunInput } | { kind: 'refused'; reason: Reason }>;

  /** Asks the lock of a concurrency group for a place; starts it when it is the first. A local activity. */
  askPlace(input: { workspace: string; group: string; ask: GroupAsk }): Promise<{ lock: string }>;

  /** Those of these runs whose workflow is over. A local activity. */
  findGoneRuns(input: { runIds: string[] }): Promise<string[]>;

  /** Compares rows, workflows and hosts, and repairs what disagrees. */
  reconcileAll(): Promise<Reconciliation>;

  /**
   * Sweeps what nobody needs any more, or with `isDry` counts what would go. Null: somebody else is at it just now. May
   * be cut off at any moment; the next one does the rest.
   */
  prune(input: { isDry: boolean }): Promise<SweepReport | null>;

  /** Whether a gate's window is open now, and else when it opens next (ISO). A local activity. */
  findWindow(input: { cron: string; timezone: string; now: string }): Promise<{ openAt: string }>;
}

/** The transition by which a claimed run begins. */
export interface RunBegin {
  version: number;
  status: Status;
}

export interface RunClaim {
  isOurs: boolean;
  /** There is no machine but the workflow's own worker, now and later: what is soon done there needs no queue. */
  isOnlyHost: boolean;
  /** Opened with the claim; absent where it was not asked for, could not be, or there are others. Left with the run's end. */
  host?: HostClaim;
}

/** An executor of a host, and the stages that need it. */
export interface HostOpening {
  executor: ExecutorKind;
  stages: string[];
}

export type EnvironmentState =
  | { kind: 'open' }
  /** Actor, and why they keep it as it is. */
  | { kind: 'locked'; by: string; reason: string }
  | { kind: 'unknown' };

export type Expansion =
  | { kind: 'grown'; growth: Growth }
  | { kind: 'none' }
  /** The lists are wrong: it is whoever wrote them who has to know. */
  | { kind: 'refused'; reason: Reason };

export interface ConditionInput {
  expression: string;
  facts: Record<string, string | number | boolean | string[] | null>;
  /** `stages.build.outputs.tag`, `stages.build.result`. */
  values: Record<string, string>;
  /** What `success()`, `failure()` and `cancelled()` answer. */
  state: { success: boolean; failure: boolean; cancelled: boolean };
}
