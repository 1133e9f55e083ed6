import type { AttemptResult, HostClaim, ObjectReference } from './attempt.ts';
import type { ConcurrencyRule } from './concurrency.ts';
import type { OutlineStage } from './outline.ts';
import type { NodeResult, Status } from './run.ts';

/**
 * What of an open run goes over into the next execution of its workflow, at a moment when nothing of it executes (see
 * workflows/pipeline-run/README.md). With the outline and the rest of the input it is the whole run.
 */
export interface ContinuedRun {
  status: Status;
  /** Of the last transition. */
  version: number;
  /** Equal results stand once: [name, place in `results`], in the order in which the nodes ended. */
  ended: [name: string, result: number][];
  results: NodeResult[];
  tainted: string[];
  /** Of stages that may be begun once more. */
  attempts: Record<string, AttemptResult[]>;
  /** When stages that wait for others of this run to end began to, as it is on record. */
  queued: Record<string, string>;
  /** Where the nodes that came later are found. */
  plans: [plan: ObjectReference, nodes: string[]][];
  /** Of the run's own time limit, ms; null when it has none. */
  leftMs: number | null;
  /** Time that people gave, ms, by stage; empty name for the run. */
  extended: Record<string, number>;
  /** Ids of changes that were made: one that is sent again, as nobody had its answer, acts no second time. */
  applied: string[];
  hosts: HeldHost[];
  turns: HeldTurns;
  /** How often a stage that runs another pipeline has begun. */
  childAttempts: Record<string, number>;
}

/** A host that the run has claimed, and for which stages. */
export interface HeldHost {
  need: Pick<OutlineStage, 'executor' | 'runsOn'>;
  claim: HostClaim;
}

/** Places of concurrency groups that the run itself has. */
export interface HeldTurns {
  /** Places asked for so far: each gets another id. */
  count: number;
  places: { id: string; lock: string; rule: ConcurrencyRule }[];
}
