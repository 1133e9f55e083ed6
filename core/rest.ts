import type { Reason } from './attempt.ts';
import type { CacheUse } from './cache.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Decision } from './gate.ts';
import type { ApproveRule, GateField } from './gate.ts';
import type { HealthObject } from './rest-health.ts';
import type { InboxObject } from './rest-inbox.ts';
import type { PipelineObject } from './rest-pipelines.ts';
import type { Status } from './run.ts';
import type { DebugOptions } from './shell.ts';
import type { TestTotals } from './test-report.ts';

/**
 * The objects of the REST API and its stream (UI §9), shared by api, cli and web. Times
 * are ISO strings; `seq` orders the states of one topic.
 */
export interface RestObject {
  id: string;
  topic: string;
  seq: number;
  createdAt: string;
  status: Status;
}

/** Whether the caller may, and if not, why. */
export type Can = true | { no: string; code: string };

export interface RunObject extends RestObject {
  workspace: string;
  /** `repository`: what people call where its file comes from; null where nobody said it. */
  pipeline: { id: string; name: string; file: string | null; repository: string | null };
  number: number;
  attempt: number;
  /** `local/17.2` */
  label: string;
  trigger: string;
  startedBy: string;
  /** As it was asked for, or what git says. */
  branch: string | null;
  commit: string | null;
  /** 1 first, 5 last. */
  priority: number;
  /** Version of the pipeline's text; null for local runs. */
  pipelineVersion: number | null;
  /** Of its page, below the address of the server. */
  url: string;
  /** `subject` and `author` (core/commit.ts) are null where nobody said them, as in runs that name a commit alone. */
  git: { sha: string; branch: string | null; dirty: boolean; subject: string | null; author: string | null } | null;
  params: Record<string, string | number | boolean | string[]>;
  planDigest: string;
  /** When its first stage began. */
  startedAt: string | null;
  endedAt: string | null;
  /** Time from the first stage's start, ms; null before it. */
  durationMs: number | null;
  notices: string[];
  /** The run and stage that started it. */
  parent?: { run: string; label: string; stage: string };
  /** When its logs, artifacts and source were given up (docs/retention.md); absent while they are kept. */
  expiredAt?: string;
  /** Set when the run waits and nothing but a decision can move it: names of the gates. */
  gatesWaiting: string[];
  /** `change`: extend a limit, skip a stage that waits, retry one in place. `shell`: a terminal in a stage. */
  can: { cancel: Can; rerun: Can; pause: Can; resume: Can; change: Can; shell: Can };
}

export interface StageObject extends RestObject {
  runId: string;
  kind: 'stage' | 'gate';
  name: string;
  stage: string;
  leg: Record<string, string> | null;
  position: number;
  needs: { to: string; on: string }[];
  executor: string | null;
  attempts: AttemptObject[];
  reason: Reason | null;
  outputs: Record<string, string>;
  /** Label of the run this result was carried from. */
  carriedFrom: string | null;
  /** The run of another pipeline that it has started. */
  child?: { run: string; label: string };
  /** Time it was given beyond its own limit. */
  extendedMs: number;
}

export interface AttemptObject {
  attempt: number;
  status: Status;
  exitCode: number | null;
  step: number | null;
  reason: Reason | null;
  startedAt: string | null;
  endedAt: string | null;
  /** Id of the machine that has or had it. */
  runner: string | null;
  /** What the reference of its image meant as it began: `sha256:…`. Null before that, and without an image. */
  image: string | null;
  /** The same of each of its services, by name; none before they are there. */
  serviceImages: Record<string, string>;
  log: { lines: number; bytes: number; ended: boolean };
  /** In the order of the file; of a stage that has some, once it has ended. */
  caches: CacheUse[];
  /** Counts of its test reports; null without one. */
  tests: TestTotals | null;
  fault: { code: string; message: string; cause?: string; fix?: string } | null;
}

export interface GateObject extends RestObject {
  runId: string;
  name: string;
  rules: ApproveRule[];
  noSelf: boolean;
  manual: boolean;
  fields: GateField[];
  unmet: ApproveRule[];
  decisions: Decision[];
  expiresAt: string | null;
  planDigest: string;
  can: { approve: Can };
}

export interface ArtifactObject {
  id: string;
  runId: string;
  stage: string;
  attempt: number;
  name: string;
  files: number;
  bytes: number;
  digest: string;
  createdAt: string;
  expiresAt: string | null;
}

/** `GET runs/:id/why?stage=`: what decided. */
export interface WhyObject {
  stage: string;
  status: Status;
  reason: Reason | null;
  needs: { to: string; on: string; ending: string | null; met: boolean | null }[];
  condition: { expression: string; value: boolean | null; values: Record<string, string> } | null;
  attempts: { attempt: number; ending: string; exitCode: number | null; reason: Reason | null }[];
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
  prev: string | null;
  total?: number;
  /** Of a list that can be followed: `topic@seq` tells what changes after it. */
  topic?: string;
  seq?: number;
}

/** RFC 9457 with our additions (UI §9). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  hint?: string;
  cause?: string;
  retry: 'no' | { afterMs: number };
  errors: { pointer: string; code: string; message: string }[];
  /** For a file that does not compile. */
  diagnostics?: Diagnostic[];
  /** With 409 and 412: the object as it stands now. */
  present?: unknown;
  /** With 412: who changed it last, where that is known. */
  changedBy?: string;
}

/** Body of `POST /api/v1/runs`, on the socket only (ENGINE 11). */
export interface StartRunRequest {
  /** Absolute path of the file. */
  file: string;
  text: string;
  /** Absolute path of the source root. */
  root: string;
  params: Record<string, string>;
  /** PATH HOME USER LANG TMPDIR and proxy variables of the caller. */
  environment: Record<string, string>;
  /** Layer of `--env-file`. */
  envFile: Record<string, string>;
  docker: { endpoint: string } | null;
  executor: 'docker' | 'process' | null;
  stages: string[];
  maxParallel: number | null;
  inPlace: boolean;
  git: boolean;
  /** Where it stands still to be looked into; null for most. */
  debug: DebugOptions | null;
  /** Absolute path. */
  secretFile: string | null;
  /** Values of the plan's secret names that are set nowhere but in the caller's environment. */
  secrets: Record<string, string>;
}

export type RerunRequest = ({ kind: 'failed' } | { kind: 'all' } | { kind: 'stage' | 'leg'; name: string }) & {
  secretFile?: string;
  secrets?: Record<string, string>;
  /** Holds a stage that fails again for a terminal. */
  shell?: boolean;
};

export interface DecisionRequest {
  verdict: 'approve' | 'reject';
  comment?: string;
  fields?: Record<string, string>;
  /** `user:NAME` or `team:T/NAME`; local runs only. */
  as?: string;
  expectedSeq?: number;
}

/** Answer of a command that the workflow did not settle within 5 s. */
export interface CommandObject {
  id: string;
  state: 'pending' | 'accepted' | 'refused';
  problem?: Problem;
}

/** A line in a stream; `cut` bytes of a very long one are left out (they are in the raw log). */
export interface StreamLine {
  t: number;
  text: string;
  cut?: number;
}

/** An object that a topic tells of. */
export type StreamState =
  | { kind: 'run'; object: RunObject }
  | { kind: 'stage'; object: StageObject }
  | { kind: 'gate'; object: GateObject }
  | { kind: 'pipeline'; object: PipelineObject }
  | { kind: 'inbox'; object: InboxObject }
  | { kind: 'health'; object: HealthObject };

/** Events of `GET /stream`, by SSE event name. `seq` is where a reader of the topic resumes that has seen the event. */
export type StreamEvent =
  | { event: 'hello'; serverTime: string; version: string; topics: string[] }
  | ({ event: 'state'; topic: string; seq: number } & StreamState)
  | { event: 'log'; topic: string; from: number; byte: number; lines: StreamLine[]; partial?: true }
  | { event: 'gap'; topic: string; from: number; to: number; bytes: number }
  | { event: 'resync'; topic: string }
  | { event: 'end'; topic: string; object: RunObject | { lines: number; bytes: number } }
  | { event: 'bye'; retryMs: number; reason: string };
