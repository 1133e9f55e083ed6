import type { ArtifactReference, AttemptResult, ObjectReference, Reason, StageTask } from '#core/attempt.ts';
import type { CacheName, CacheReference, FoundCache, NewCache } from '#core/cache.ts';
import type { PlaceWanted } from '#core/place.ts';
import type { PlanNode } from '#core/plan.ts';
import type { Plan } from '#core/plan.ts';
import type { EnvironmentLock } from '#core/rest-environments.ts';
import type { Settlement } from '#core/settle.ts';
import type { DebugOptions } from '#core/shell.ts';
import type { AttemptReport } from '#core/test-report.ts';
import type { RunSource, ServiceImages } from '../executor/port.ts';

/**
 * What the activities write about attempts, and the few facts of a run they read. All verbs may be repeated with the
 * same input. A write whose `version` is older than the row's changes nothing and is no error: its writer was
 * overtaken (a cut-off worker that came back, a repeated activity).
 */
export interface AttemptRecords {
  /** Throws the fault `run-unknown` (no retry). */
  findRunContext(runId: string): Promise<RunContext>;
  /** The recorded result of an attempt that is over, or null. */
  findAttemptResult(key: Omit<AttemptKey, 'version'>): Promise<AttemptResult | null>;
  /** When the attempt began (ISO), or null if that was never recorded. */
  findAttemptStart(key: Omit<AttemptKey, 'version'>): Promise<string | null>;
  /** Time that people gave the stage beyond its own limit, ms. */
  findExtension(key: Omit<AttemptKey, 'version'>): Promise<number>;
  /** The attempt's container or process exists; also sets the stage `running`. */
  attemptStarted(key: AttemptKey, facts: AttemptStart): Promise<void>;
  /** What it waits for before anything of it exists: its stage is shown as queued for that. */
  attemptPreparing(key: AttemptKey, reason: Reason): Promise<void>;
  /** A sign of life, about every 2 s while the attempt runs. */
  attemptHeartbeat(key: AttemptKey, at: string): Promise<void>;
  /** How far the log can be read: also wakes its readers. At most every 100 ms. */
  attemptLog(key: AttemptKey, log: { bytes: number; lines: number }): Promise<void>;
  /**
   * The attempt is over: its row, those of its artifacts, and the stage's row by `settlement` (ended, or waiting for
   * another attempt), in one transaction. Answers the result that stands: the first one recorded for this attempt.
   */
  attemptEnded(key: AttemptKey, end: AttemptEnd): Promise<AttemptResult>;
  /** The attempt is held for a terminal: its stage is shown as paused until the next write. */
  attemptHeld(key: AttemptKey, reason: Reason): Promise<void>;
  /** Terminals of the attempt since a moment (ISO): those somebody has, and those somebody had. */
  countShells(key: Omit<AttemptKey, 'version'>, since: string): Promise<{ open: number; ended: number }>;
  /** The task of an attempt as it would be given out now, for a terminal beside it. */
  findStageTask(key: Omit<AttemptKey, 'version'>, plan: Plan): Promise<StageTask>;
}

/** Orders the writes about one attempt. */
export interface AttemptKey {
  runId: string;
  /** Leg. */
  stage: string;
  attempt: number;
  /** Of the task: greater is newer. */
  version: number;
}

/** Digests of what an attempt runs in. What is absent (it runs in none, nothing began, another worker knows it) stays as it is on record. */
export interface AttemptImages {
  image?: string;
  /** By name of the service. */
  serviceImages?: ServiceImages;
}

interface AttemptStart extends AttemptImages {
  startedAt: string;
  hostId: string;
}

export interface AttemptEnd extends AttemptImages {
  result: AttemptResult;
  settlement: Settlement;
  log: { bytes: number; lines: number };
  /** When each artifact of the result goes; null keeps it. */
  artifacts: { reference: ArtifactReference; expiresAt: string | null }[];
  /** What a generator adds to the run, in the same transaction. Throws the fault `plan-moved` as `growRun` says false. */
  growth?: RunGrowth;
  report: AttemptReport;
}

/** What was recorded with the run when it was accepted. */
export interface RunContext {
  runId: string;
  /** The compiled plan (JSON) in the object store. */
  plan: ObjectReference;
  source: RunSource;
  /** PATH, HOME, USER, LANG, TMPDIR and proxy variables of the caller. */
  environment: Readonly<Record<string, string>>;
  /** The `--env-file` layer: the lowest of a stage's environment. */
  envFile: Readonly<Record<string, string>>;
  /** As resolved by the command (ENGINE 16); null when the run needs none. */
  dockerEndpoint: string | null;
  /** The run's secret names come from `store/secret`; this is only the recorded file's path. */
  secretFile: string | null;
  /** `local`: its secrets came with it (ENGINE 15). Any other run's are those of its workspace. */
  trigger: string;
  /** Where it stands still to be looked into. */
  debug: DebugOptions | null;
}

/**
 * Claims of runs on hosts: leases (ARCHITECTURE §3.9). One row for (run, host). A renewal that finds its claim lost is
 * refused, so once a claim is marked lost nothing can prolong it; all times are the database's clock.
 */
export interface ClaimRecords {
  /**
   * Takes or renews the claim; answers how many runs hold the host, this one among them. Throws the fault `host-lost` (no
   * retry) if it was marked lost.
   */
  claimHost(claim: { runId: string; hostId: string; queue: string; leaseMs: number }): Promise<number>;
  /** Renews all claims of a host that are neither lost nor released; answers the runs whose claim is lost. */
  renewClaims(hostId: string): Promise<{ renewed: string[]; lost: string[] }>;
  /**
   * Marks it lost (no renewal from now on) unless it was renewed within half of its lease, and answers how long the last
   * renewal may still hold, ms.
   */
  loseClaim(claim: { runId: string; hostId: string }): Promise<{ isLost: boolean; remainingMs: number }>;
  /** The run has left the host. */
  releaseClaim(claim: { runId: string; hostId: string }): Promise<void>;
}

/** Places of workspaces whose stages at once are limited. */
export interface PlaceRecords {
  /** Takes a place for an attempt that is about to begin, or notes that it waits; null when it may begin. */
  takePlace(attempt: { runId: string; stage: string; attempt: number }): Promise<PlaceWanted | null>;
}

/** Environments as stages find them. */
export interface EnvironmentRecords {
  /** Null when the run's workspace has none of that name; a local run makes it. */
  findEnvironment(runId: string, name: string): Promise<{ id: string; lock: EnvironmentLock | null } | null>;
}

/** Runs that grow while they are open. */
export interface GrowthRecords {
  /**
   * Makes a plan with more nodes the plan of the run, with their rows. False when the run has another plan than the one
   * it was made from.
   */
  growRun(runId: string, growth: RunGrowth): Promise<boolean>;
}

export interface RunGrowth {
  from: ObjectReference;
  plan: ObjectReference;
  /** All nodes of the new plan, in its order. */
  nodes: readonly PlanNode[];
  /** The new ones among them. */
  added: readonly string[];
}

/** The index of cache entries. An entry is found by the runs of its pipeline alone; a key is taken once. */
export interface CacheRecords {
  /**
   * The entry with the very key, in the first scope that has one; else, prefix by prefix and scope by scope, the newest
   * whose key begins so.
   */
  findCache(
    wanted: CacheName & { scopes: readonly string[]; key: string; prefixes: readonly string[] },
  ): Promise<FoundCache | null>;
  /** False when another entry has the key. Saying the same again is true. */
  insertCache(entry: NewCache): Promise<boolean>;
  /** Counts that a cache was looked for; `found` is the entry's id. */
  countCacheUse(use: CacheName & { found: string | null }): Promise<void>;
  /** From now on nobody finds it. */
  forgetCache(id: string): Promise<void>;
  /** Takes out of the run's workspace what is beyond the limit, the longest not found first. */
  evictCaches(of: { runId: string; limitBytes: number }): Promise<CacheReference[]>;
  /** Those of these keys of stored entries that belong to nobody. */
  findStrayCaches(stored: readonly { runId: string; key: string }[]): Promise<string[]>;
}
