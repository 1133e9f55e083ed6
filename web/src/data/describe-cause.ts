import type { RunObject } from '#core/rest.ts';

/** Why there is this run, as a sentence: `started by ann`, `push to main by ann`, `re-run of attempt 1 by bo`. */
export function describeCause(run: Pick<RunObject, 'trigger' | 'startedBy' | 'branch' | 'attempt'>): string {
  const who = describeActor(run.startedBy);
  if (run.attempt > 1) return `re-run of attempt ${run.attempt - 1} by ${who}`;
  switch (run.trigger) {
    case 'push':
      return run.branch === null ? `push by ${who}` : `push to ${run.branch} by ${who}`;
    case 'local':
      return `run on this machine by ${who}`;
    case 'remote':
      return `run of a file by ${who}`;
    case 'manual':
    case 'api':
      return `started by ${who}`;
    default:
      return `${run.trigger} by ${who}`;
  }
}

/** `ann` of `user:ann`; a token is called one. */
export function describeActor(actor: string): string {
  const [kind, ...rest] = actor.split(':');
  const name = rest.join(':');
  if (name === '') return actor;
  return kind === 'user' ? name : `${kind} ${name}`;
}
