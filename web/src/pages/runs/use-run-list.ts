import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Page, RunObject } from '#core/rest.ts';
import { applyStates } from '../../data/apply-states.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';
import { matches, type RunFilter } from './filter.ts';

const PAGE = 50;

/**
 * Runs of a workspace, newest first, kept up to date. What comes in joins the first page while `mayJoin`; else it is
 * told of and joins when it is asked for (UI §4).
 */
export function useRunList(workspace: string, filter: RunFilter, cursor: string | null, mayJoin: () => boolean) {
  const queries = useQueryClient();
  const [newer, setNewer] = useState<ReadonlySet<string>>(new Set());
  const key = ['runs', workspace, filter, cursor] as const;
  const list = useLiveQuery({
    key,
    load: (signal) => get<Page<RunObject>>('runs', { workspace, ...filter, cursor, limit: PAGE, total: true }, signal),
  });
  const items = list.data?.items ?? [];
  useTopic(list.data?.topic ?? null, list.data?.seq, (events) => {
    if (events.some(({ event }) => event === 'resync')) void queries.invalidateQueries({ queryKey: key });
    const runs = events.flatMap((event) => (event.event === 'state' && event.kind === 'run' ? [event.object] : []));
    const shown = new Set(items.map(({ id }) => id));
    const changed = runs.filter(({ id }) => shown.has(id));
    queries.setQueryData<Page<RunObject>>(key, (old) => old && { ...old, items: [...applyStates(old.items, changed)] });
    if (cursor !== null) return;
    // Ids grow with time: what is older than the page has no place on it.
    const oldest = list.data?.next ? (items.at(-1)?.id ?? '') : '';
    const joining = runs.filter((run) => !shown.has(run.id) && run.id > oldest && matches(filter, run));
    const hasLeft = changed.some((run) => !matches(filter, run));
    if (joining.length === 0 && !hasLeft) return;
    if (mayJoin()) void queries.invalidateQueries({ queryKey: key });
    else setNewer((old) => new Set([...old, ...joining.map(({ id }) => id)]));
  });
  return {
    list,
    newer: [...newer].filter((id) => !items.some((item) => item.id === id)).length,
    showNewer() {
      setNewer(new Set());
      void list.refetch();
    },
  };
}
