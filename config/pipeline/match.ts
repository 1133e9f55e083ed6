import type { Plan } from '#core/plan.ts';
import type { PipelineOutcome, PullRequestType, Trigger } from '#core/trigger.ts';
import { selectsGlobs } from './glob.ts';

/** What happened, as far as triggers look at it. */
export type EventFacts =
  | {
      kind: 'push';
      branch: string;
      /** Of the head commit. */
      message: string;
      changed: Changed;
    }
  | {
      kind: 'pull_request';
      /** Branch it would be merged into. */
      base: string;
      type: PullRequestType;
      isDraft: boolean;
      /** Of the head commit. */
      message: string;
      changed: Changed;
    }
  | { kind: 'tag'; tag: string }
  /** The trigger whose time it is, as the plan has it. */
  | { kind: 'schedule'; cron: string; timezone: string }
  | { kind: 'manual' }
  | { kind: 'api' }
  | { kind: 'comment'; text: string }
  | { kind: 'pipeline'; name: string; outcome: Exclude<PipelineOutcome, 'ended'> };

/**
 * Changed files, relative to the top of the repository: of a pull request against its merge base, of a push against the
 * last passed run of its branch. Null where there is nothing to compare with, which matches every path filter: a first
 * run, a force push.
 */
export type Changed = readonly string[] | null;

/** What is matched against an event. */
export interface Subscription {
  /** Of the plan; null where the file says nothing. */
  triggers: readonly Trigger[] | null;
  /** The pipeline file and what it imports: a change of one of them always matches. */
  files: readonly string[];
}

/** What a plan says of it. */
export function subscriptionOf({ triggers, file, imports }: Pick<Plan, 'triggers' | 'file' | 'imports'>): Subscription {
  return { triggers: triggers ?? null, files: [file, ...Object.keys(imports ?? {})] };
}

export interface Match {
  /**
   * `excluded`: a filter says no; the run's required status is then reported as passed. `skipped`: the commit says so.
   * `unheard`: no trigger is for this event, so there is nothing to report.
   */
  kind: 'runs' | 'excluded' | 'skipped' | 'unheard';
  /** Sentence for the record of the event and the required status. */
  reason: string;
}

/** Of a file without any `on` (LANGUAGE §3). */
export const DEFAULT_TRIGGERS: readonly Trigger[] = [
  { on: 'push', branches: [], branchesIgnore: [], tags: [], paths: [], pathsIgnore: [] },
  { on: 'manual' },
  { on: 'api' },
];

const SKIP = /\[(?:skip ci|ci skip)\]/i;

const DEFAULT_TYPES: readonly PullRequestType[] = ['opened', 'synchronize', 'reopened'];

/** Whether an event starts a run of a pipeline, and why (LANGUAGE §3). The first trigger that matches is enough. */
export function matchEvent({ triggers, files }: Subscription, event: EventFacts): Match {
  const answers = (triggers ?? DEFAULT_TRIGGERS).flatMap((trigger) => {
    const answer = matchTrigger(trigger, event, files);
    return answer === null ? [] : [answer];
  });
  const [first] = answers;
  if (first === undefined) return { kind: 'unheard', reason: `no trigger for ${nameEvent(event)}` };
  if ((event.kind === 'push' || event.kind === 'pull_request') && SKIP.test(event.message)) {
    const mark = SKIP.exec(event.message)?.[0] ?? '';
    return { kind: 'skipped', reason: `skipped: the commit message says ${mark.toLowerCase()}` };
  }
  return answers.find((one) => one.kind === 'runs') ?? first;
}

/** Null: the trigger is for another event. */
function matchTrigger(trigger: Trigger, event: EventFacts, files: readonly string[]): Match | null {
  switch (trigger.on) {
    case 'push': {
      // Tags are pushed too, but a trigger has to name them; one that names tags alone is for tags alone.
      if (event.kind === 'tag') return trigger.tags.length > 0 ? matchTag(trigger.tags, event.tag) : null;
      if (event.kind !== 'push') return null;
      const isForTags = trigger.tags.length > 0 && trigger.branches.length === 0 && trigger.branchesIgnore.length === 0;
      if (isForTags) return null;
      return matchBranch(trigger, event.branch) ?? matchPaths(trigger, event.changed, files, 'push');
    }
    case 'pull_request': {
      if (event.kind !== 'pull_request') return null;
      const { types, drafts } = trigger;
      // Without drafts, the moment it is one no longer is its opening.
      const isDefault = DEFAULT_TYPES.includes(event.type) || (!drafts && event.type === 'ready_for_review');
      const isWanted = types.length > 0 ? types.includes(event.type) : isDefault;
      if (!isWanted) return null;
      if (event.isDraft && !drafts) return exclude('it is a draft');
      return matchBranch(trigger, event.base) ?? matchPaths(trigger, event.changed, files, 'pull request');
    }
    case 'tag':
      return event.kind === 'tag' ? matchTag(trigger.tags, event.tag) : null;
    case 'schedule': {
      const isSame = event.kind === 'schedule' && event.cron === trigger.cron && event.timezone === trigger.timezone;
      return isSame ? { kind: 'runs', reason: `schedule ${trigger.cron} (${trigger.timezone})` } : null;
    }
    case 'manual':
      return event.kind === 'manual' ? { kind: 'runs', reason: 'started by hand' } : null;
    case 'api':
      return event.kind === 'api' ? { kind: 'runs', reason: 'started by a program' } : null;
    case 'comment': {
      if (event.kind !== 'comment') return null;
      const line = event.text.split(/[\r\n]/, 1)[0]?.trim() ?? '';
      // A longer line is prose, and no command.
      const isCommand = line.length <= MAX_COMMAND && selectsGlobs(line, [trigger.match]);
      return isCommand ? { kind: 'runs', reason: `a comment matches ${trigger.match}` } : null;
    }
    case 'pipeline': {
      if (event.kind !== 'pipeline' || !selectsGlobs(event.name, [trigger.name])) return null;
      const isWanted = trigger.outcome.includes('ended') || trigger.outcome.includes(event.outcome);
      return isWanted ? { kind: 'runs', reason: `pipeline ${event.name} ${event.outcome}` } : null;
    }
    default:
      throw new Error(`unknown trigger ${String(trigger satisfies never)}`);
  }
}

const MAX_COMMAND = 1_000;

function exclude(why: string): Match {
  return { kind: 'excluded', reason: `skipped: ${why}` };
}

function matchTag(tags: readonly string[], tag: string): Match {
  return selectsGlobs(tag, tags) ? { kind: 'runs', reason: `tag ${tag}` } : exclude('no matching tag');
}

/** Null: the branch is one of them. */
function matchBranch(
  { branches, branchesIgnore }: { branches: readonly string[]; branchesIgnore: readonly string[] },
  branch: string,
): Match | null {
  const isIgnored = branchesIgnore.length > 0 && selectsGlobs(branch, branchesIgnore);
  return selectsGlobs(branch, branches) && !isIgnored ? null : exclude('no matching branch');
}

function matchPaths(
  { paths, pathsIgnore }: { paths: readonly string[]; pathsIgnore: readonly string[] },
  changed: Changed,
  files: readonly string[],
  what: string,
): Match {
  if (paths.length === 0 && pathsIgnore.length === 0) return { kind: 'runs', reason: what };
  if (changed === null) return { kind: 'runs', reason: `${what}, with nothing to compare paths with` };
  const own = changed.find((path) => files.includes(path));
  if (own !== undefined) return { kind: 'runs', reason: `${what} that changes the pipeline itself: ${own}` };
  const found = changed.find(
    (path) => selectsGlobs(path, paths) && (pathsIgnore.length === 0 || !selectsGlobs(path, pathsIgnore)),
  );
  return found === undefined ? exclude('no matching paths') : { kind: 'runs', reason: `${what} that changes ${found}` };
}

function nameEvent(event: EventFacts): string {
  switch (event.kind) {
    case 'push':
      return 'a push';
    case 'pull_request':
      return `a pull request that is ${event.type}`;
    case 'tag':
      return 'a tag';
    case 'schedule':
      return `the schedule ${event.cron} (${event.timezone})`;
    case 'manual':
      return 'a start by hand';
    case 'api':
      return 'a start by a program';
    case 'comment':
      return 'this comment';
    case 'pipeline':
      return `pipeline ${event.name} that ${event.outcome}`;
    default:
      throw new Error(`unknown event ${String(event satisfies never)}`);
  }
}
