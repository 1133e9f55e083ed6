import { useQueryClient } from '@tanstack/react-query';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';
import { isOutdated } from '../../data/told.ts';
import { chooseNewer } from './choose-newer.ts';

/** A pipeline with its present text, kept up to date: a run that ends changes its bars, an edit its text. */
export function usePipeline(workspace: string, name: string) {
  const queries = useQueryClient();
  const key = ['pipeline', workspace, name] as const;
  const query = useLiveQuery({
    key,
    load: async (signal) => {
      const before = queries.getQueryData<PipelineWithText>(key);
      const answer = await get<PipelineWithText>(`pipelines/${encodeURIComponent(name)}`, { workspace }, signal);
      return chooseNewer(before, queries.getQueryData<PipelineWithText>(key), answer);
    },
  });
  const { data } = query;
  useTopic(data?.topic ?? null, data?.position, (events) => {
    for (const event of events) {
      if (event.event === 'resync') void queries.invalidateQueries({ queryKey: key });
      if (event.event !== 'state' || event.kind !== 'pipeline') continue;
      const shown = queries.getQueryData<PipelineWithText>(key);
      if (shown?.id !== event.object.id || isOutdated(event, shown, shown.position)) continue;
      // The stream has no texts: a new version is read.
      if (event.object.version !== shown.version) void queries.invalidateQueries({ queryKey: key });
      else queries.setQueryData<PipelineWithText>(key, { ...shown, ...event.object, position: event.seq });
    }
  });
  return query;
}
