import type { Retention, SweepReport } from './leftovers.ts';

/** `GET system/leftovers`, `POST system/prune`: what would go, or has gone, and how long what runs left is kept. */
export interface LeftoversObject extends SweepReport {
  retention: Retention;
}

/** Something that can be wrong with the installation: what it is now, what it should be, what helps (UI §4.16). */
export interface HealthFact {
  /** Stable: `database`, `outbox`, … */
  id: string;
  label: string;
  state: HealthState;
  value: string;
  limit: string | null;
  at: string;
  /** Null while all is well. */
  remedy: string | null;
}

export const HEALTH_STATES = ['ok', 'warn', 'bad'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** `GET system/health`: how the parts behind the API are. */
export interface HealthObject {
  /** Of the worst fact. */
  status: HealthState;
  version: string;
  serverTime: string;
  database: {
    answerMs: number;
    version: string;
    openRuns: number;
    outbox: number;
    outboxError: string | null;
    outboxAgeMs: number;
  };
  facts: HealthFact[];
}

/** The maintenance switch: while it is on no run starts. All but `on` are null while it is off. */
export interface MaintenanceObject {
  on: boolean;
  since: string | null;
  by: string | null;
  reason: string | null;
}

/** A worker that asked for work within the last minutes. */
export interface ExecutorObject {
  queue: string;
  identity: string;
  seenAt: string | null;
  /** `workflows`: carries runs on. `pool`: opens runs on a machine. `host`: executes the stages of its own. */
  kind: 'workflows' | 'pool' | 'host';
  /** What the machine of a `host` says of itself. */
  runner: RunnerFacts | null;
}

export interface RunnerFacts {
  /** What `runs-on` may ask for. */
  labels: string[];
  /** Stages that execute there now, and may at once; null is not known. */
  stages: number;
  maxStages: number | null;
  /** Open runs whose files are there. */
  runs: number;
  version: string | null;
  /** Whether it executes stages without isolation, too. */
  processExecutor: boolean | null;
}
