import { useQuery } from '@tanstack/react-query';
import type { AuditEventObject } from '#core/rest-audit.ts';
import type { Page } from '#core/rest.ts';
import { get, type Query } from '../../data/http.ts';

const NEWS_EVERY_MS = 15_000;

/** A page of events that stands still while somebody reads it; how many came since is asked beside it. */
export function useAudit(query: Query & { cursor: string | null }) {
  const load = ({ signal }: { signal: AbortSignal }) => get<Page<AuditEventObject>>('audit', query, signal);
  const list = useQuery({
    queryKey: ['audit', 'list', query],
    queryFn: load,
    staleTime: Infinity,
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
  });
  const newest = list.data?.items[0]?.seq ?? 0;
  const news = useQuery({
    queryKey: ['audit', 'news', query],
    queryFn: load,
    enabled: query.cursor === null && list.data !== undefined,
    // What was just read is not asked for again at once.
    initialData: list.data,
    staleTime: NEWS_EVERY_MS,
    refetchInterval: NEWS_EVERY_MS,
  });
  const newer = query.cursor === null ? (news.data?.items ?? []).filter(({ seq }) => seq > newest).length : 0;
  return { list, newer };
}

/** One event by its id, wherever it stands in the list. */
export function useAuditEvent(workspace: string, id: string | null, shown: AuditEventObject | undefined) {
  return useQuery({
    queryKey: ['audit', 'event', workspace, id],
    queryFn: async ({ signal }) =>
      (await get<Page<AuditEventObject>>('audit', { workspace, id }, signal)).items[0] ?? null,
    enabled: id !== null && !shown,
  });
}
