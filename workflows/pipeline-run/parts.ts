import type { RunBegin } from '#activities/contract.ts';
import type { Reason } from '#core/attempt.ts';
import type { Ending } from '#core/ending.ts';
import type { RunInput, Status } from '#core/run.ts';
import type { CancelRequest } from '../messages.ts';
import type { Book } from './book.ts';
import type { Handover } from './carry-over.ts';
import type { Clock } from './clock.ts';
import type { OpenGates } from './gate.ts';
import type { Graph } from './graph.ts';
import type { Hosts } from './hosts.ts';
import type { Stop } from './judge.ts';
import type { Pause } from './pause.ts';
import type { Recorder } from './recorder.ts';
import type { Turns } from './turns.ts';

/** What a run is made of while it is conducted. */
export interface Parts {
  input: RunInput;
  graph: Graph;
  book: Book;
  pause: Pause;
  recorder: Recorder;
  gates: OpenGates;
  hosts: Hosts;
  turns: Turns;
  /** Stages that may have a place of their workspace since they asked for one. */
  given: Set<string>;
}

/** Drives the graph: judges nodes, starts what is ready, stops what must stop. */
export interface Conductor {
  /** The begin of the run as its claim may write it. */
  describeBegin(): RunBegin;
  /** Starts what can start. Before it only questions and a stop are taken, nothing runs. */
  begin(recorded?: 'recorded'): void;
  /** Resolves when every node has ended, or the run is to go on in a new execution. */
  finished(): Promise<'ended' | 'continues'>;
  /** The run does not go on in a new execution after all: stages may start again. */
  goOn(): void;
  /** What the next execution takes over of it. */
  readonly handover: Pick<Handover, 'queued' | 'leftMs' | 'childAttempts'>;
  stop(stop: Stop, request: CancelRequest | null, reason?: Reason): void;
  /** Ends all of a run that has not begun as `skipped`. */
  supersede(reason: Reason): void;
  status(): Status;
  endRun(ending: Ending): void;
  /** The run's own time limit. */
  readonly clock: Clock;
  /** With a reason nothing new starts until it is null again. */
  setPaused(reason: Reason | null): void;
  /** Ends a stage that has not begun as `skipped`. */
  skip(name: string, reason: Reason): void;
  /** Begins a stage that has ended once more; `reopened` are judged anew, `behind` is all that comes after it. */
  retry(name: string, reopened: readonly string[], behind: Iterable<string>): void;
  /** Whether condition, gate or attempts of it are under way. */
  isActive(name: string): boolean;
  /** Whether nothing but `always` stages was left at some time. */
  hasFinallyBegun(): boolean;
}
