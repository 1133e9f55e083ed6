import type { Readable } from 'node:stream';
import type { Reason } from '#core/attempt.ts';
import { type Fault, FaultError } from '#core/fault.ts';
import type { PullProgress } from '#core/image-pull.ts';
import type { ExecutorKind, Resources, StagePlan } from '#core/plan.ts';
import type { ReadyCheck } from '#core/service.ts';
import type { SnapshotReference } from '#store/snapshot/port.ts';
import type { CacheTree, WantedTrees } from './caches.ts';
import type { ExchangeFile } from './exchange.ts';
import type { AttemptTerminals } from './terminal.ts';

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
  /**
   * Files of the workspace that match the globs, as a tar stream with paths relative to it; or the trees of caches. Also
   * after the end. A stream that is not whole ends with an error.
   */
  collect(handle: Handle, wanted: readonly string[] | WantedTrees): Promise<Readable>;
  /** Bytes of a file in which the stage hands something over, at most `limit` + 1 of them. */
  readExchange(handle: Handle, file: ExchangeFile, limit: number): Promise<Uint8Array>;
  /**
   * Removes the attempt and its workspace. Absent is fine. With `again` one of the same name may be begun afterwards;
   * else an executor may refuse that (`attempt-lost`), because it would be the same attempt a second time.
   */
  remove(handle: Pick<Handle, 'name' | 'runId'>, options?: { again: boolean }): Promise<void>;
  /** Absent where no service can stand beside a stage. */
  readonly services?: ServiceRuntime;
  /** Absent where nobody can look into a stage. */
  readonly terminals?: AttemptTerminals;
}

/**
 * Containers beside an attempt's program, reached by it under their names on a network that nobody else is on. As with
 * attempts the runtime is the truth, and every verb may be called again, by another process.
 *
 * Order: `start` → `check` until all are ready → the attempt's own `start`; `follow` at any time from `start` on, also
 * of what has ended; `remove` after the attempt's own.
 */
export interface ServiceRuntime {
  /**
   * Brings up the network and all services of the attempt: running → nothing; absent → created and started; ended →
   * left as it is. Faults as those of `Executor.start`; none of the attempt's steps has run then. Answers what they run
   * in, whoever made them.
   */
  start(spec: AttemptSpec, signal?: AbortSignal): Promise<ServiceImages>;
  /** One look, a second or two at most. A `log` check is answered by whoever follows the output. */
  check(attempt: Pick<Handle, 'name' | 'runId'>, service: ServiceSpec): Promise<ServiceState>;
  /** As `Executor.follow`, without marks. */
  follow(
    attempt: Pick<Handle, 'name' | 'runId'>,
    service: string,
    from: number,
    sink: OutputSink,
    signal: AbortSignal,
  ): Promise<ServiceEnd>;
  /** Removes all of them with their network, whatever they do. Absent is fine. */
  remove(attempt: Pick<Handle, 'name' | 'runId'>): Promise<void>;
}

/** By name of the service the digest of its image, as {@link Handle.image}; without those that run in none. */
export type ServiceImages = Readonly<Record<string, string>>;

export interface ServiceSpec {
  /** Host name for the stage and for the other services. */
  name: string;
  image: { ref: string; pull: 'missing' | 'always' | 'never' };
  env: Readonly<Record<string, string>>;
  /** Instead of what the image says; null keeps that. */
  command: readonly string[] | null;
  ready: ReadyCheck;
}

export type ServiceState =
  /** Runs; `isReady` by its own check. */
  { kind: 'running'; isReady: boolean } | { kind: 'ended'; end: ServiceEnd };

export interface ServiceEnd {
  /** 128 + signal when killed. */
  code: number;
  outOfMemory: boolean;
  endedAt: string;
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
  /**
   * Removes what is ours here and of no run: half made by a worker that died, kept for the next run and not asked for
   * any more. Leaves what somebody may be at work on.
   */
  sweep(): Promise<void>;
}

export interface RunOnHost {
  runId: string;
  source: RunSource;
  /** First attempts known already: a host may prepare their folders in one go. A hint, never needed. */
  attempts: readonly PreparedAttempt[];
}

/** What of an attempt is known before its values are. */
export type PreparedAttempt = Pick<AttemptSpec, 'name' | 'shell' | 'steps' | 'nonce'> & {
  /** The paths alone matter. */
  caches?: readonly Pick<CacheTree, 'paths'>[];
  /** Of any stage of the run: what they share on the host is made once. */
  runHasCaches?: true;
};

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
  /** `linux/arm64`; null is what the runtime is. */
  platform: string | null;
  /** Stand beside it before it begins. */
  services: readonly ServiceSpec[];
  /** In memory, readable by the stage's user alone, at absolute paths. */
  secretFiles: readonly { path: string; content: string }[];
  shell: StagePlan['shell'];
  steps: StagePlan['steps'];
  /** All of it: the user's, bindings, secrets and LANGUAGE §11, except what the executor alone knows (`BUILDIT_WORKSPACE` and those of `exchange.ts`). */
  env: Readonly<Record<string, string>>;
  workdir: string | null;
  user: string | null;
  resources: Resources;
  /** Unguessable; marks in the raw output start with it (see marks.ts). Derived from instance key and name, so a second worker knows it. */
  nonce: string;
  /** Kept from earlier runs; in place before inputs are. Absent where the stage has none. */
  caches?: readonly CacheTree[];
  runHasCaches?: true;
  /** Told again and again while an image of it is fetched, by executors that fetch some. */
  onPull?: (progress: PullProgress) => void;
  /** Trees to unpack into the workspace before the first step; each call opens the stream anew. */
  inputs: readonly (() => Readable)[];
}

export interface Handle {
  name: string;
  runId: string;
  /** When its program began (the runtime's clock, ISO): a re-attach does not restart the time limit. */
  startedAt: string;
  state: 'running' | 'exited';
  /**
   * What the reference of its image meant as it began: the digest that the registry knows it by, else that of the image
   * itself (`sha256:…`). Null where it runs in none, or nothing began.
   */
  image: string | null;
  /** False when this call found it there. */
  created: boolean;
}

export interface OutputSink {
  /** The bytes are good until it resolves: the caller may use their memory again. */
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
