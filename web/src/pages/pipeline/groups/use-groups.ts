import { useQuery } from '@tanstack/react-query';
import type { GroupObject } from '#core/rest-groups.ts';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import { get } from '../../../data/http.ts';
import { measurePipeline } from '../../pipelines/statistics.ts';

/** While a run is open: no event tells of a place that is taken or given back. */
const ASK_EVERY_MS = 5_000;

/** Concurrency groups of the open runs of a pipeline; not asked for while there is none. */
export function useGroups(pipeline: PipelineObject | undefined) {
  const isOpen = pipeline !== undefined && measurePipeline(pipeline.recentRuns).open > 0;
  const query = useQuery({
    queryKey: ['pipeline-groups', pipeline?.id],
    queryFn: ({ signal }) => get<Page<GroupObject>>(`pipelines/${pipeline?.id}/groups`, {}, signal),
    enabled: isOpen,
    refetchInterval: isOpen ? ASK_EVERY_MS : false,
    refetchOnWindowFocus: true,
  });
  return { ...query, isOpen };
}
