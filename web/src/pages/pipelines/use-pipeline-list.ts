import { useQueryClient } from '@tanstack/react-query';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';
import type { PipelineFilter } from './pipeline-filter.ts';
import type { Sort } from './sort.ts';

const PAGE = 50;

/** Which pipelines of the workspace, in which order, from where. */
interface PipelineQuery extends PipelineFilter {
  sort: Sort;
  attention: boolean | null;
  /** Names that come before all others. */
  first: string[];
  cursor: string | null;
}

/** Pipelines of a workspace with their last runs, kept up to date. */
export function usePipelineList(workspace: string, query: PipelineQuery) {
  const queries = useQueryClient();
  const { cursor } = query;
  const key = ['pipelines', workspace, query] as const;
  const list = useLiveQuery({
    key,
    isKept: true,
    load: (signal) => get<Page<PipelineObject>>('pipelines', { workspace, ...query, limit: PAGE, total: true }, signal),
  });
  useTopic(list.data?.topic ?? null, list.data?.seq, (events) => {
    if (events.some(({ event }) => event === 'resync')) void queries.invalidateQueries({ queryKey: key });
    const changed = new Map(
      events.flatMap((event) =>
        event.event === 'state' && event.kind === 'pipeline' ? [[event.object.id, event.object] as const] : [],
      ),
    );
    const isNew = [...changed.keys()].some((id) => !list.data?.items.some((item) => item.id === id));
    // A new one belongs at the place that the server gives it.
    if (isNew && cursor === null) void queries.invalidateQueries({ queryKey: key });
    queries.setQueryData<Page<PipelineObject>>(
      key,
      (old) => old && { ...old, items: old.items.map((item) => changed.get(item.id) ?? item) },
    );
  });
  return list;
}
