import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Page, RunObject } from '#core/rest.ts';
import { applyStates } from '../../data/apply-states.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';
import { useRefresh } from '../../data/use-refresh.ts';
import { matches, type RunFilter } from './filter.ts';
import { listNewer, type NewerRuns } from './newer.ts';

const PAGE = 50;

/**
 * Runs of a workspace, newest first, kept up to date. What comes in or leaves does so on the first page while `mayJoin`,
 * as soon as it may; until then what is newer is told of and joins when it is asked for (UI §4).
 */
export function useRunList(workspace: string, filter: RunFilter, cursor: string | null, mayJoin: () => boolean) {
  const queries = useQueryClient();
  const all = useRef<NewerRuns>(new Map());
  const [held, setHeld] = useState<NewerRuns>(all.current);
  const key = ['runs', workspace, filter, cursor] as const;
  const list = useLiveQuery({
    key,
    load: async (signal) => {
      const query = { workspace, ...filter, cursor, limit: PAGE, total: true };
      const page = await get<Page<RunObject>>('runs', query, signal);
      const ids = new Set(page.items.map(({ id }) => id));
      const known = queries.getQueryData<Page<RunObject>>(key)?.items.filter(({ id }) => ids.has(id));
      // Events have told of them since they were asked for.
      return { ...page, items: [...applyStates(page.items, known ?? [])] };
    },
  });
  const refresh = useRefresh(key, () => {
    const may = mayJoin();
    if (!may) setHeld(all.current);
    return may;
  });
  const hasLeft = (page: Page<RunObject> | undefined) => page?.items.some((run) => !matches(filter, run)) ?? false;
  useTopic(list.data?.topic ?? null, list.data?.seq, (events) => {
    if (events.some(({ event }) => event === 'resync')) void queries.invalidateQueries({ queryKey: key });
    const runs = events.flatMap((event) => (event.event === 'state' && event.kind === 'run' ? [event.object] : []));
    const page = queries.setQueryData<Page<RunObject>>(key, (old) => {
      const shown = new Set(old?.items.map(({ id }) => id));
      const changed = runs.filter(({ id }) => shown.has(id));
      return old && { ...old, items: [...applyStates(old.items, changed)] };
    });
    if (cursor !== null || !page) return;
    all.current = listNewer(all.current, runs, page, filter);
    // One that is told of already may match no longer.
    if (held.size > 0 || (all.current.size > 0 && !mayJoin())) setHeld(all.current);
    if (all.current.size > 0 || hasLeft(page)) refresh();
  });
  return {
    list,
    newer: list.data ? listNewer(held, [], list.data, filter).size : 0,
    hasLeft: hasLeft(list.data),
    showNewer() {
      all.current = new Map();
      setHeld(all.current);
      void list.refetch();
    },
  };
}
