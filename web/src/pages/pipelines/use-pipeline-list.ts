import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';
import { isOutdated, keepTold } from '../../data/told.ts';
import { useRefresh } from '../../data/use-refresh.ts';
import { hasMoved, type PipelineQuery } from './has-moved.ts';

const PAGE = 50;

/** Pipelines of a workspace with their last runs, kept up to date; rows come, go and change places while `mayMove`. */
export function usePipelineList(workspace: string, query: PipelineQuery, mayMove: () => boolean) {
  const queries = useQueryClient();
  const key = ['pipelines', workspace, query] as const;
  // Since the list was asked for last.
  const told = useRef<ReadonlyMap<string, PipelineObject>>(new Map());
  const list = useLiveQuery({
    key,
    isKept: true,
    load: async (signal) => {
      told.current = new Map();
      const page = await get<Page<PipelineObject>>(
        'pipelines',
        { workspace, ...query, limit: PAGE, total: true },
        signal,
      );
      return { ...page, items: keepTold(page.items, told.current) };
    },
  });
  const refresh = useRefresh(key, mayMove);
  useTopic(list.data?.topic ?? null, list.data?.seq, (events) => {
    if (events.some(({ event }) => event === 'resync')) void queries.invalidateQueries({ queryKey: key });
    const changed = new Map(
      events.flatMap((event) =>
        event.event === 'state' && event.kind === 'pipeline' ? [[event.object.id, event]] : [],
      ),
    );
    const objects = new Map([...changed].map(([id, { object }]) => [id, object]));
    told.current = new Map([...told.current, ...objects]);
    const page = queries.setQueryData<Page<PipelineObject>>(key, (old) => {
      const at = old?.seq ?? 0;
      const replace = (item: PipelineObject) => {
        const event = changed.get(item.id);
        return event && !isOutdated(event, item, at) ? event.object : item;
      };
      return old && { ...old, items: old.items.map(replace) };
    });
    if (page && hasMoved(objects, page, query)) refresh();
  });
  return list;
}
