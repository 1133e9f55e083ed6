import type { CacheUse } from './cache.ts';
import type { Ending } from './ending.ts';
import type { PlanValue } from './plan.ts';
import type { RunSummary } from './rest-pipelines.ts';

/** `GET runs/compare`: how two runs of a pipeline differ (UI §4.5). */
export interface ComparisonObject {
  base: RunSummary;
  head: RunSummary;
  /** Parameters whose values differ; null where a run has none of the name. */
  params: { name: string; base: PlanValue | null; head: PlanValue | null }[];
  /** Stages and gates by name, those of `head` first, in the order of their files. */
  nodes: NodeComparison[];
}

export interface NodeComparison {
  name: string;
  base: NodeOutcome | null;
  /** Null when it was removed. */
  head: NodeOutcome | null;
  /** Of the plan: what differs, by property: `image.ref`, `env.CI`, `steps[2].script`. */
  properties: { property: string; base: unknown; head: unknown }[];
}

/** How a node came out; `ending` is null while it is open, `durationMs` when no attempt of it ran. */
export interface NodeOutcome {
  ending: Ending | null;
  durationMs: number | null;
  attempts: number;
  /** Digest of the image of its last attempt; null without one. */
  image: string | null;
  /** Of those of its services, by name. */
  serviceImages: Record<string, string>;
  /** What its last attempt found of its caches. */
  caches: Pick<CacheUse, 'name' | 'found'>[];
}

/** `GET runs/:id/timeline`: when what executed or asked. */
export interface TimelineObject {
  from: string;
  /** Null while the run is open. */
  to: string | null;
  spans: TimelineSpan[];
  /** For who looks after the installation: where Temporal has it, and its page there when the server knows one. */
  workflow: { id: string; runId: string | null; url: string | null } | null;
}

export interface TimelineSpan {
  kind: 'attempt' | 'gate';
  /** Of the stage, leg or gate. */
  name: string;
  /** 0 for a gate. */
  attempt: number;
  from: string;
  to: string | null;
  ending: Ending | null;
  /** Of an attempt: since when nothing but a place was missing; null where that is not known. */
  queuedAt: string | null;
  /** Of an ended attempt: when its program began; before it image, source and caches were prepared. */
  programAt: string | null;
  /** Of an ended attempt with artifacts: when they were kept. */
  savedAt: string | null;
  /** Of an ended attempt of several steps: how long each but the last took, ms, one after another from `programAt` on. */
  stepMs: number[];
}
