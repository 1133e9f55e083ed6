import type { CacheRule, CacheScopes } from './cache.ts';
import type { ConcurrencyRule } from './concurrency.ts';
import type { GateRules } from './gate.ts';
import type { ServicePlan } from './service.ts';
import type { Text } from './text.ts';
import type { Trigger } from './trigger.ts';

/**
 * The compiled pipeline: versioned JSON, self-contained, the only thing a run is made
 * from (ARCHITECTURE §1). Matrices are expanded into legs, durations are milliseconds,
 * sizes bytes, names unique over stages and gates. Only records, arrays, strings,
 * numbers, booleans and null, so it survives JSON.
 */
export interface Plan {
  version: 1;
  /** SHA-256 (hex) of the plan's canonical JSON without this field. Approvals bind to it. */
  digest: string;
  pipeline: {
    name: string;
    description?: string;
    /** Of the run; stands still while no stage executes. */
    timeoutMs?: number;
  };
  /** Path of the file as given, relative to the source root where it lies below it. */
  file: string;
  /** Declared parameters with their effective values. A `secret` parameter holds a secret's name. */
  params: Record<string, PlanValue>;
  /** Facts of the commit, null outside a repository. */
  git: GitFacts | null;
  /** In file order; legs of a matrix stand together, in the order of their axes. */
  nodes: PlanNode[];
  /** By base name of a stage with a matrix. */
  groups: Record<string, MatrixGroup>;
  /** Names of every secret any stage asks for, sorted. */
  secrets: string[];
  /** Things to say aloud when the run starts, e.g. that an image is set aside. */
  notices: string[];
  /** What starts it; absent when the file says nothing: push, manual and api. */
  triggers?: Trigger[];
  /** Whose caches its stages see; present when one of them has a cache. */
  cacheScopes?: CacheScopes;
  /** Place of the whole run among others. */
  concurrency?: ConcurrencyRule;
  /** What generated stages are compiled with; there while a stage may generate some. */
  source?: PlanSource;
  /** Other files it was made of, by path or `org/lib`, with the SHA-256 (hex) of each. */
  imports?: Record<string, string>;
}

/** The file and what was given with it, as they were when the run was planned. */
export interface PlanSource {
  text: string;
  trigger: string;
  pr: { number: number; title: string; author: string; head: string; base: string; fork: boolean } | null;
  params: Record<string, string>;
  /** As given by `--executor`. */
  executor: 'docker' | 'process' | null;
  /** As given by `--stage`. */
  stages: string[];
  /** What it imports, as it was read, by who imported what. */
  imports: Record<string, string>;
  /** What generators of the run have written, in the order in which it came into the plan. */
  generated: GeneratedText[];
}

export interface GeneratedText {
  /** Name of the generator. */
  by: string;
  text: string;
}

export type PlanValue = string | number | boolean | string[];

export interface GitFacts {
  /** Empty, as `shortSha`, when somebody named a branch alone: a pipeline without a repository (UI §9). */
  sha: string;
  shortSha: string;
  branch: string | null;
  tag: string | null;
  ref: string | null;
  message: string;
  author: string;
  base: string | null;
  /** Work tree differs from HEAD. */
  dirty: boolean;
}

export type PlanNode = StagePlan | GatePlan;

/** What stages and gates share: their place in the graph. */
interface NodePlan {
  /** Unique: `build`, or for a leg `test[node=22,os=linux]` with sorted axes. */
  name: string;
  needs: Edge[];
  runOn: RunOn;
  /** `run`: run although every need was skipped. */
  ifAllSkipped: 'skip' | 'run';
  when: Condition | null;
  /** Late paths that must have a value, else the node is skipped and the path named. */
  reads: string[];
  /** The node that added this one to the open run: a generator, or a matrix whose axes an output gave. */
  generatedBy?: string;
}

export const RUN_ON = ['success', 'failure', 'always'] as const;
export type RunOn = (typeof RUN_ON)[number];

export const EDGE_KINDS = ['success', 'failed', 'any', 'skipped'] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

export interface Edge {
  /** Name of a node. */
  to: string;
  on: EdgeKind;
}

/**
 * `decided`: trigger facts settled it when the run was planned. `late`: CEL over outputs,
 * results and `success()`/`failure()`/`cancelled()`, evaluated when the needs have ended.
 */
export type Condition =
  | { kind: 'decided'; value: boolean; expression: string; values: Record<string, string> }
  | { kind: 'late'; expression: string; reads: string[]; facts: Record<string, PlanValue | null> };

export interface GatePlan extends NodePlan {
  kind: 'gate';
  gate: GateRules;
}

export const EXECUTORS = ['docker', 'process', 'fake'] as const;
export type ExecutorKind = (typeof EXECUTORS)[number];

export interface StagePlan extends NodePlan {
  kind: 'stage';
  /** Name without the leg: equals `name` when there is no matrix. */
  stage: string;
  /** Axis values of the leg, sorted by axis; null without a matrix. */
  leg: Record<string, string> | null;
  /** 1-based position of the stage in the file. */
  index: number;
  executor: ExecutorKind;
  image: { ref: Text; pull: 'missing' | 'always' | 'never' } | null;
  /** Interpreter and its arguments; the step's file is appended. `["sh","-e"]` by default. */
  shell: string[];
  steps: Step[];
  /** The user's environment and the bindings that references in `run` compile to. */
  env: Record<string, Text>;
  secrets: SecretUse[];
  workdir: Text | null;
  user: string | null;
  resources: Resources;
  /** Per attempt; null means none. */
  timeoutMs: number | null;
  graceMs: number;
  retry: RetryRule[];
  /** `any`: every failure; a list: these exit codes. */
  allowFailure: null | 'any' | number[];
  artifacts: ArtifactRule[];
  /** Stages (legs) whose artifacts are delivered before the first step. Gates are already looked through. */
  artifactsFrom: string[];
  /** A gate in front of this stage (`gate {…}` inside it, or `manual #true`). */
  gate: GateRules | null;
  // What follows is there only where the file says the word, so that a plan stays as small as its file.
  caches?: CacheRule[];
  services?: ServicePlan[];
  reports?: ReportRule[];
  /** Globs of Markdown files shown with the run. */
  notes?: string[];
  concurrency?: ConcurrencyRule;
  /** Name of the environment whose rules, secrets and lock apply. */
  environment?: string;
  /** Labels a worker must have, all of them. */
  runsOn?: string[];
  /** `linux/amd64` */
  platform?: string;
  /** Silence after which an attempt times out. */
  noOutputTimeoutMs?: number;
  /** May write more stages to `$BUILDIT_STAGES`. */
  generates?: true;
  /** Instead of steps: another pipeline, run as a child. */
  child?: ChildPipeline;
  /** A matrix with an axis that another stage puts out: its legs come into the run when the values are known. */
  lateMatrix?: LateMatrix;
}

export interface LateMatrix {
  /** In the order of the file. `from` is the late path of a JSON list of strings. */
  axes: ({ name: string; values: string[] } | { name: string; from: string })[];
  exclude: Record<string, string>[];
  include: Record<string, string>[];
}

export interface ReportRule {
  kind: 'junit';
  /** Globs relative to the workspace. */
  paths: string[];
}

export interface ChildPipeline {
  name: string;
  params: Record<string, Text>;
}

export interface Step {
  /** Without interpolation: references are expansions of variables in `env`. */
  script: string;
  /** First line, shortened, for groups and lists. */
  title: string;
  /** Line of the `run` in the file, from 1. */
  line: number;
  /** The file, where it is another than the plan's: an imported one, or what a stage has generated. */
  file?: string;
}

export interface SecretUse {
  name: string;
  /** Environment variable it is released as; with `file` the one that holds the path. */
  as: string;
  /** Released as a file that only the stage may read, at this absolute path. */
  file?: string;
}

/** Null is "no limit". Bytes, and CPUs as a fraction. */
export interface Resources {
  cpu: number | null;
  memory: number | null;
  pids: number | null;
  disk: number | null;
}

export const RETRY_ON = ['failed', 'timeout', 'infra', 'any'] as const;

export interface RetryRule {
  on: (typeof RETRY_ON)[number];
  /** Attempts after the first, at most 10. */
  limit: number;
  exit: number[];
  /** RE2 pattern looked for in the log. */
  logMatch: string | null;
  backoffMs: number;
  factor: number;
  maxMs: number | null;
}

export interface ArtifactRule {
  name: string;
  /** Globs relative to the workspace. */
  paths: string[];
  on: 'success' | 'failure' | 'always';
  expireMs: number | null;
  optional: boolean;
}

export interface MatrixGroup {
  legs: string[];
  failFast: boolean;
  maxParallel: number | null;
}
