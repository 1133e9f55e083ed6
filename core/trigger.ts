/** What may start a pipeline (LANGUAGE §3). */
export const EVENTS = ['push', 'pull_request', 'tag', 'schedule', 'manual', 'api', 'comment', 'pipeline'] as const;
export type EventKind = (typeof EVENTS)[number];

/** What may happen to a pull request, under the names that forges use. */
export const PULL_REQUEST_TYPES = [
  ...(['opened', 'synchronize', 'reopened', 'ready_for_review'] as const),
  ...(['converted_to_draft', 'edited', 'labeled', 'unlabeled', 'closed'] as const),
] as const;
export type PullRequestType = (typeof PULL_REQUEST_TYPES)[number];

/** `ended` is either way. */
export const PIPELINE_OUTCOMES = ['passed', 'failed', 'ended'] as const;
export type PipelineOutcome = (typeof PIPELINE_OUTCOMES)[number];

/**
 * One `on` of a file. Lists are globs (`!` takes out again); empty means that everything matches. Matched against an
 * event by `config/pipeline/match.ts`.
 */
export type Trigger =
  | { on: 'push'; branches: string[]; branchesIgnore: string[]; tags: string[]; paths: string[]; pathsIgnore: string[] }
  /** `branches` are those it would be merged into. Without `types`: opened, synchronize, reopened. */
  | {
      on: 'pull_request';
      branches: string[];
      branchesIgnore: string[];
      types: PullRequestType[];
      paths: string[];
      pathsIgnore: string[];
      drafts: boolean;
    }
  | { on: 'tag'; tags: string[] }
  /** Cron expression of five fields, IANA time zone. */
  | { on: 'schedule'; cron: string; timezone: string }
  | { on: 'manual' }
  | { on: 'api' }
  /** Glob over the comment's first line. */
  | { on: 'comment'; match: string }
  | { on: 'pipeline'; name: string; outcome: PipelineOutcome[] };

/** A trigger as it stands in a file. */
export interface DeclaredTrigger {
  trigger: Trigger;
  /** Of its `on`, from 1. */
  line: number;
}
