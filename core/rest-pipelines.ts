import type { Diagnostic } from './diagnostic.ts';
import type { Ending } from './ending.ts';
import type { ParamDeclaration } from './param.ts';
import type { EdgeKind, RunOn } from './plan.ts';
import type { Can } from './rest.ts';
import type { Status } from './run.ts';
import type { DeclaredTrigger } from './trigger.ts';

/** Objects and bodies of `/pipelines` (UI §9). */
export interface PipelineObject {
  id: string;
  /** Of the list it is in: `pipelines:org/ws`. */
  topic: string;
  /** Grows with each change of the row; `ETag` is made of it. */
  seq: number;
  createdAt: string;
  updatedAt: string;
  /** Of its last change; null while it is as it was made. */
  updatedBy: string | null;
  workspace: string;
  name: string;
  /** `local`: a file of the machine itself; `remote`: one of somebody else's (`run --remote`). */
  origin: 'local' | 'server' | 'sample' | 'remote';
  description: string;
  /** A disabled one starts no runs. */
  enabled: boolean;
  /** Of the text; 0 where that is a file. */
  version: number;
  /** Path of the file, where the text is one. */
  file: string | null;
  /** What people call where the file comes from: `github.com/acme/shop`. Null where nobody said it, as the next. */
  repository: string | null;
  defaultBranch: string | null;
  lastRun: RunSummary | null;
  /** The last run on its default branch, ended or not; without a default branch every run counts: that is `lastRun`. */
  defaultRun: RunSummary | null;
  /** The last of its runs, newest first, at most 30: bars, median and pass rate are made of them. */
  recentRuns: RunMark[];
  /** In lists: its present text no longer compiles. */
  invalid?: { errors: number };
  can: { trigger: Can; write: Can };
}

/** A pipeline with its present text; null where that is a file. */
export interface PipelineWithText extends PipelineObject {
  text: string | null;
  /** Where its list stood before it was read: `topic@position` tells what changes after it. */
  position: number;
}

/** A run as a bar among others. */
export interface RunMark {
  number: number;
  attempt: number;
  /** How it ended, or how it stands. */
  state: Ending | Exclude<Status['kind'], 'ended'>;
  /** Null before its first stage. */
  durationMs: number | null;
  createdAt: string;
}

/** A run as a row of another object. */
export interface RunSummary {
  id: string;
  label: string;
  number: number;
  attempt: number;
  status: Status;
  branch: string | null;
  /** Of its commit; null where nobody said it. */
  subject: string | null;
  trigger: string;
  startedBy: string;
  createdAt: string;
  endedAt: string | null;
  durationMs: number | null;
}

/** A pipeline that comes with BuildIt and runs on any machine as it is. */
export interface SampleObject {
  /** Of the pipeline that it becomes in a workspace. */
  name: string;
  description: string;
  text: string;
}

export interface PipelineVersionObject {
  version: number;
  /** SHA-256 of the text. */
  digest: string;
  message: string;
  createdBy: string;
  createdAt: string;
}

export interface PipelineVersionWithText extends PipelineVersionObject {
  text: string;
}

export interface CreatePipelineRequest {
  name: string;
  text: string;
  description?: string;
  /** Of the version. */
  message?: string;
}

export interface ChangePipelineRequest {
  description?: string;
  enabled?: boolean;
}

export interface ReplaceTextRequest {
  text: string;
  message?: string;
}

/** Answer of a validation: `plan` is null when a diagnostic is an error. */
export interface ValidationObject {
  valid: boolean;
  diagnostics: Diagnostic[];
  plan: PlanSummary | null;
  /** Of the plan; null without one. */
  graph: Omit<PipelineGraph, 'version'> | null;
}

/** What a header line says of a plan, without its scripts. */
export interface PlanSummary {
  name: string;
  digest: string;
  file: string;
  /** Stages by base name, in the order of the file; `legs` is 0 without a matrix. */
  stages: { name: string; legs: number }[];
  gates: string[];
  /** What its condition keeps out, as far as the trigger decides it. */
  excluded: ExcludedNode[];
  executors: string[];
  secrets: string[];
  notices: string[];
}

/** A stage or gate that will be skipped whatever happens: its `when` is false. */
export interface ExcludedNode {
  name: string;
  expression: string;
  /** Of the names in the expression. */
  values: Record<string, string>;
}

/** Nodes and edges of a text that need not have run. */
export interface PipelineGraph {
  version: number;
  nodes: { kind: 'stage' | 'gate'; name: string; stage: string; leg: Record<string, string> | null; runOn: RunOn }[];
  edges: { from: string; to: string; on: EdgeKind }[];
  /** What a trigger asks for. */
  params: ParamDeclaration[];
  /** What its file says with `on`; none means push, manual and api. */
  triggers: DeclaredTrigger[];
}

/** How the stages of a pipeline fared in its newest ended runs (UI 4.3). */
export interface PipelineStatistics {
  /** How many were looked at: at most 30. */
  runs: number;
  /** Stages that passed in one of them. */
  stages: { name: string; passed: number; p50Ms: number }[];
  /** Those that passed and failed on one commit and plan, or failed and passed when tried again; worst first. */
  flaky: { name: string; times: number }[];
}

/** A branch that runs of a pipeline were asked for, with the newest of them. */
export interface PipelineBranch {
  name: string;
  run: RunSummary;
}

/** Variables that every run of a pipeline gets, below the `env` of its file. */
export interface PipelineVariablesObject {
  variables: Record<string, string>;
  /** Counts the changes; `ETag` is made of it. 0: none were ever set. */
  version: number;
  updatedAt: string | null;
  updatedBy: string | null;
  can: { write: Can };
}

export interface ReplaceVariablesRequest {
  variables: Record<string, string>;
}

/** Body of `POST /pipelines/:p/runs`. */
export interface TriggerRequest {
  branch?: string;
  /** Hexadecimal, 7 to 64 digits. */
  commit?: string;
  params?: Record<string, string | number | boolean>;
  /** 1 first, 5 last; 3 when nothing is said. */
  priority?: number;
  /** These and what they need; empty means all. */
  stages?: string[];
  maxParallel?: number;
}
