import { useQueryClient } from '@tanstack/react-query';
import type { InboxObject } from '#core/rest-inbox.ts';
import { get } from './http.ts';
import { useLiveQuery } from './live-queries.ts';
import { useTopic } from './stream.ts';

const KEY = ['inbox'] as const;

/** What needs the caller, as it stands now. */
export function useInbox() {
  const queries = useQueryClient();
  const query = useLiveQuery({ key: KEY, load: (signal) => get<InboxObject>('me/inbox', {}, signal) });
  // A snapshot source: it has no position of its own, and tells the whole object when it differs.
  useTopic('inbox', query.data ? 0 : undefined, (events) => {
    for (const event of events) {
      if (event.event === 'state' && event.kind === 'inbox') queries.setQueryData(KEY, event.object);
      if (event.event === 'resync') void queries.invalidateQueries({ queryKey: KEY });
    }
  });
  return query;
}
