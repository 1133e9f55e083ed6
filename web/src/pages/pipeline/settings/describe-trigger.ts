import type { EventKind, Trigger } from '#core/trigger.ts';

/** What may start a run by the word of the file. */
const EVENT_WORDS: Record<EventKind, string> = {
  push: 'A push',
  pull_request: 'A pull request',
  tag: 'A tag',
  schedule: 'A time',
  manual: 'A person',
  api: 'A program with an API token',
  comment: 'A comment',
  pipeline: 'Another pipeline',
};

/** Events that this server hears of: nothing tells it of a repository yet, and no clock starts runs. */
const HEARD: ReadonlySet<EventKind> = new Set(['manual', 'api']);

export function isHeard(event: EventKind): boolean {
  return HEARD.has(event);
}

export function nameEvent(event: EventKind): string {
  return EVENT_WORDS[event];
}

/** The conditions of a trigger, one a line; none means that every such event matches. */
export function describeConditions(trigger: Trigger): string[] {
  switch (trigger.on) {
    case 'push':
      return [...describeBranches(trigger), ...list('tags', trigger.tags), ...describePaths(trigger)];
    case 'pull_request':
      return [
        ...describeBranches(trigger),
        ...list('types', trigger.types),
        ...describePaths(trigger),
        ...(trigger.drafts ? [] : ['no drafts']),
      ];
    case 'tag':
      return list('tags', trigger.tags);
    case 'schedule':
      return [`${trigger.cron} (${trigger.timezone})`];
    case 'comment':
      return [`first line ${trigger.match}`];
    case 'pipeline':
      return [`${trigger.name} has ${trigger.outcome.join(' or ')}`];
    case 'manual':
    case 'api':
      return [];
    default:
      return trigger satisfies never;
  }
}

function describeBranches({ branches, branchesIgnore }: { branches: string[]; branchesIgnore: string[] }): string[] {
  return [...list('branches', branches), ...list('not branches', branchesIgnore)];
}

function describePaths({ paths, pathsIgnore }: { paths: string[]; pathsIgnore: string[] }): string[] {
  return [...list('paths', paths), ...list('not paths', pathsIgnore)];
}

function list(what: string, globs: readonly string[]): string[] {
  return globs.length === 0 ? [] : [`${what} ${globs.join(', ')}`];
}
