import { useQueryClient } from '@tanstack/react-query';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';

/** A pipeline with its present text, kept up to date: a run that ends changes its bars, an edit its text. */
export function usePipeline(workspace: string, name: string) {
  const queries = useQueryClient();
  const key = ['pipeline', workspace, name] as const;
  const query = useLiveQuery({
    key,
    load: (signal) => get<PipelineWithText>(`pipelines/${encodeURIComponent(name)}`, { workspace }, signal),
  });
  const { data } = query;
  useTopic(data ? data.topic : null, data ? 0 : undefined, (events) => {
    for (const event of events) {
      if (event.event === 'resync') void queries.invalidateQueries({ queryKey: key });
      if (event.event !== 'state' || event.kind !== 'pipeline' || event.object.id !== data?.id) continue;
      // The stream has no texts: a new version is read.
      if (event.object.version !== data.version) void queries.invalidateQueries({ queryKey: key });
      else queries.setQueryData<PipelineWithText>(key, (old) => old && { ...old, ...event.object });
    }
  });
  return query;
}
