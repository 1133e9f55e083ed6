import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Page, RunObject } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';
import { applyStates } from '../../data/apply-states.ts';
import type { RunFilter } from './filter.ts';

const PAGE = 50;

/** Runs of a workspace, newest first, kept up to date. What is new is told of, and joins when it is asked for. */
export function useRunList(workspace: string, filter: RunFilter, cursor: string | null) {
  const queries = useQueryClient();
  const [newer, setNewer] = useState<ReadonlySet<string>>(new Set());
  const asked = useRef(new Set<string>());
  // Whether a run is of it can be told here.
  const isPlain = Object.keys(filter).every((name) => name === 'pipeline');
  const key = ['runs', workspace, filter, cursor] as const;
  const list = useLiveQuery({
    key,
    load: (signal) => get<Page<RunObject>>('runs', { workspace, ...filter, cursor, limit: PAGE }, signal),
  });
  useTopic(list.data?.topic ?? null, list.data?.seq, (events) => {
    if (events.some(({ event }) => event === 'resync')) void queries.invalidateQueries({ queryKey: key });
    const runs = events.flatMap((event) => (event.event === 'state' && event.kind === 'run' ? [event.object] : []));
    const shown = new Set(list.data?.items.map(({ id }) => id));
    const unseen = runs.filter(({ id, pipeline }) => !shown.has(id) && isOf(filter, pipeline));
    // Ids grow with time: an older run that changes elsewhere in the list is not new.
    const newest = newestOf(list.data);
    const added = unseen.filter(({ id }) => id > newest).map(({ id }) => id);
    if (isPlain && cursor === null && added.length > 0) setNewer((old) => new Set([...old, ...added]));
    if (!isPlain) {
      const before = asked.current.size;
      for (const { id, status } of unseen) asked.current.add(`${id} ${status.kind}`);
      // Once for what each run is now: most are none of this list.
      if (asked.current.size > before) void queries.invalidateQueries({ queryKey: key });
    }
    const changed = runs.filter(({ id }) => shown.has(id));
    queries.setQueryData<Page<RunObject>>(key, (old) => old && { ...old, items: [...applyStates(old.items, changed)] });
  });
  return {
    list,
    newer: cursor === null ? [...newer].filter((id) => id > newestOf(list.data)).length : 0,
    showNewer() {
      setNewer(new Set());
      void list.refetch();
    },
  };
}

function newestOf(page: Page<RunObject> | undefined): string {
  return page?.items[0]?.id ?? '';
}

function isOf({ pipeline }: RunFilter, of: RunObject['pipeline']): boolean {
  return pipeline === undefined || pipeline === of.name || pipeline === of.id;
}
