import { useQuery } from '@tanstack/react-query';
import type { PipelineGraph, PipelineObject } from '#core/rest-pipelines.ts';
import { get } from '../../data/http.ts';

/** What the present text of a pipeline declares: nodes, parameters, triggers. A file of somebody's machine has none here. */
export function usePipelineGraph(pipeline: Pick<PipelineObject, 'id' | 'version'>) {
  return useQuery({
    queryKey: ['pipeline-graph', pipeline.id, pipeline.version],
    queryFn: ({ signal }) => get<PipelineGraph>(`pipelines/${pipeline.id}/graph`, {}, signal),
    enabled: pipeline.version > 0,
  });
}
