/** What may start a pipeline (LANGUAGE §3). */
export const EVENTS = ['push', 'pull_request', 'tag', 'schedule', 'manual', 'api', 'comment', 'pipeline'] as const;
export type EventKind = (typeof EVENTS)[number];

/**
 * One `on` of a file. Lists are globs (`!` takes out again); empty means that everything matches. Matched against an
 * event by `config/pipeline/match.ts`.
 */
export type Trigger =
  | { on: 'push'; branches: string[]; branchesIgnore: string[]; tags: string[]; paths: string[]; pathsIgnore: string[] }
  /** `branches` are those it would be merged into. */
  | { on: 'pull_request'; branches: string[]; types: string[]; paths: string[]; pathsIgnore: string[]; drafts: boolean }
  | { on: 'tag'; tags: string[] }
  /** Cron expression of five fields, IANA time zone. */
  | { on: 'schedule'; cron: string; timezone: string }
  | { on: 'manual' }
  | { on: 'api' }
  /** Glob over the comment's first line. */
  | { on: 'comment'; match: string }
  | { on: 'pipeline'; name: string; outcome: ('passed' | 'failed' | 'ended')[] };
