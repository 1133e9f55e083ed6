import { patched } from '@temporalio/workflow';

/** A change of what a workflow does, which runs that are under way do not take part in. */
interface Patch {
  /** Release that brought it. */
  since: string;
  why: string;
  /** When no history without it can be open any more. */
  removableWhen: string;
}

/** Every patch there is: an id is never used again. A history from before it and one from after it are replayed. */
export const PATCHES = {
  'continues-as-new': {
    since: '0.1.0',
    why: 'a run of many stages goes on in a new execution; one that is beyond that moment goes on as it is',
    removableWhen: 'no run that began before 0.1.0 is open',
  },
  'ends-what-was-cancelled': {
    since: '0.1.0',
    why: 'a stage that is cancelled while its worker is dead is ended by the next one; one that was left is left',
    removableWhen: 'no run that began before 0.1.0 is open',
  },
} as const satisfies Record<string, Patch>;

/** Whether this run takes part in a change. */
export function hasPatch(id: keyof typeof PATCHES): boolean {
  return patched(id);
}
