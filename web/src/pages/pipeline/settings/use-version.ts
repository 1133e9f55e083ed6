import { useQuery } from '@tanstack/react-query';
import type { PipelineVersionWithText } from '#core/rest-pipelines.ts';
import { get } from '../../../data/http.ts';

/** A version with its text, which never changes. */
export function useVersion(pipelineId: string, version: number) {
  return useQuery({
    queryKey: ['pipeline-version', pipelineId, version],
    queryFn: ({ signal }) => get<PipelineVersionWithText>(`pipelines/${pipelineId}/versions/${version}`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
