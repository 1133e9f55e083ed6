import type { Readable } from 'node:stream';
import type { Reason } from '#core/attempt.ts';
import { type Fault, FaultError } from '#core/fault.ts';
import type { ExecutorKind, Resources, StagePlan } from '#core/plan.ts';
import type { SnapshotReference } from '#store/snapshot/port.ts';
import type { ExchangeFile } from './exchange.ts';

/**
 * Runs attempts of stages on one host: containers, or processes. All verbs may be called
 * again with the same input, by another process, after a crash in any of them; the
 * runtime (Docker, the detached supervisor) is the truth about what exists. Different
 * attempts may be in work at once; one attempt is driven by one worker at a time.
 *
 * Order: `start` → `follow` (again and again after crashes) → `collect` → `remove`; `stop`
 * at any time between start and remove. Faults are thrown as FaultError with their retry
 * decision; what the user's program does is never thrown.
 */
export interface Executor {
  readonly kind: ExecutorKind;
  /**
   * Looks for the attempt by its deterministic name: running → attaches; exited → says so;
   * absent → creates and starts it. Never a second one for the same name. When `signal` aborts while nothing of the
   * attempt has begun it never does, whatever is waited for (an image), and this rejects with an AbortError.
   */
  start(spec: AttemptSpec, signal?: AbortSignal): Promise<Handle>;
  /** The attempt if it was ever started and not removed yet, else null. Changes nothing. */
  find(attempt: Pick<Handle, 'name' | 'runId'>): Promise<Handle | null>;
  /**
   * Hands on the raw output from byte `from`, in order, without loss or repetition,
   * until the attempt's program is over and all output was delivered. What cannot be had any more is told to `onGap`.
   * Awaits the sink (back-pressure). Rejects when `signal` aborts; the attempt goes on.
   */
  follow(handle: Handle, from: number, sink: OutputSink, signal: AbortSignal): Promise<Exit>;
  /** SIGTERM to all of the attempt's processes, after `graceMs` SIGKILL. Resolves when it is over. */
  stop(handle: Handle, graceMs: number): Promise<void>;
  /** Files of the workspace that match the globs, as a tar stream with paths relative to it. Also after the end. */
  collect(handle: Handle, globs: readonly string[]): Promise<Readable>;
  /** Bytes of a file in which the stage hands something over, at most `limit` + 1 of them. */
  readExchange(handle: Handle, file: ExchangeFile, limit: number): Promise<Uint8Array>;
  /**
   * Removes the attempt and its workspace. Absent is fine. With `again` one of the same name may be begun afterwards;
   * else an executor may refuse that (`attempt-lost`), because it would be the same attempt a second time.
   */
  remove(handle: Pick<Handle, 'name' | 'runId'>, options?: { again: boolean }): Promise<void>;
}

/** Thrown by `start` when it is certain that no step of the attempt ever ran. Recognised by shape: see {@link hasNeverStarted}. */
export class NeverStartedError extends FaultError {
  readonly neverStarted = true;
}

export function hasNeverStarted(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'neverStarted' in thrown && thrown.neverStarted === true;
}

/** The host an executor works on: what the stages of a run share there. */
export interface ExecutorHost {
  readonly kind: ExecutorKind;
  /** Null when it can work, else the fault to show (`docker-unreachable`, …). */
  check(): Promise<Fault | null>;
  /** Opens the run here: network sandbox, source. */
  openRun(run: RunOnHost): Promise<void>;
  /** Removes all of the run that is here. */
  closeRun(runId: string): Promise<void>;
  /** Run ids of everything that carries our instance id here, for the reaper. */
  listRuns(): Promise<string[]>;
}

export interface RunOnHost {
  runId: string;
  source: RunSource;
  /** First attempts known already: a host may prepare their folders in one go. A hint, never needed. */
  attempts: readonly PreparedAttempt[];
}

/** What of an attempt is known before its values are. */
export type PreparedAttempt = Pick<AttemptSpec, 'name' | 'shell' | 'steps' | 'nonce'>;

/** `copy`: each stage its own copy of the snapshot. `in-place`: the folder itself (`--in-place`). */
export type RunSource = { kind: 'copy'; snapshot: SnapshotReference } | { kind: 'in-place'; folder: string };

export interface AttemptSpec {
  /** Deterministic: see `core/ids.ts`, handleName. */
  name: string;
  runId: string;
  stage: string;
  attempt: number;
  source: RunSource;
  image: { ref: string; pull: 'missing' | 'always' | 'never' } | null;
  shell: StagePlan['shell'];
  steps: StagePlan['steps'];
  /** All of it: the user's, bindings, secrets and LANGUAGE §11, except what the executor alone knows (`BUILDIT_WORKSPACE` and those of `exchange.ts`). */
  env: Readonly<Record<string, string>>;
  workdir: string | null;
  user: string | null;
  resources: Resources;
  /** Unguessable; marks in the raw output start with it (see marks.ts). Derived from instance key and name, so a second worker knows it. */
  nonce: string;
  /** Trees to unpack into the workspace before the first step; each call opens the stream anew. */
  inputs: readonly (() => Readable)[];
}

export interface Handle {
  name: string;
  runId: string;
  /** When its program began (the runtime's clock, ISO): a re-attach does not restart the time limit. */
  startedAt: string;
  state: 'running' | 'exited';
  /** False when this call found it there. */
  created: boolean;
}

export interface OutputSink {
  onBytes(bytes: Uint8Array): Promise<void>;
  onGap(gap: { bytes: number; cause: string }): Promise<void>;
}

export interface Exit {
  /** 128 + signal when killed. */
  code: number;
  /** Killed by the kernel for its memory limit. */
  outOfMemory: boolean;
  /** Why the runtime could not begin the program, when the user's image or settings are to blame (no shell, no such user). */
  refusal: Reason | null;
  /** The runtime itself was away while the attempt ran: an end without the last mark may then be its doing. */
  lostContact: boolean;
  endedAt: string;
}
