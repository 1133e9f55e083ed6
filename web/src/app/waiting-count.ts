import { useInbox } from '../data/inbox.ts';

/** How many decisions wait for the caller, for the badge. */
export function useWaitingCount(): number {
  return useInbox().data?.waiting.length ?? 0;
}
