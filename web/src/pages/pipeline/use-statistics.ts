import { useQuery } from '@tanstack/react-query';
import type { PipelineObject, PipelineStatistics } from '#core/rest-pipelines.ts';
import { get } from '../../data/http.ts';
import { isEnded } from '../pipelines/statistics.ts';

/** How its stages fared in the newest ended runs; read again when one more has ended. */
export function useStatistics(pipeline: Pick<PipelineObject, 'id' | 'recentRuns'> | undefined) {
  const id = pipeline?.id;
  const ended = (pipeline?.recentRuns ?? []).filter(({ state }) => isEnded(state));
  const newest = ended.map(({ number, attempt }) => `${number}.${attempt}`).join(' ');
  return useQuery({
    queryKey: ['pipeline-statistics', id, newest],
    queryFn: ({ signal }) => get<PipelineStatistics>(`pipelines/${id}/statistics`, {}, signal),
    enabled: ended.length > 0,
    placeholderData: (old, before) => (before?.queryKey[1] === id ? old : undefined),
  });
}
