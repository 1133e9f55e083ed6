import { useQueryClient } from '@tanstack/react-query';
import type { PipelineObject, PipelineWithText } from '#core/rest-pipelines.ts';
import type { Page, RunObject } from '#core/rest.ts';
import { get, write, type Wish } from './http.ts';

/** Starts a sample, put into the workspace first where it is not there. Answers the run; of one wish there is one. */
export function useRunSample(workspace: string) {
  const queries = useQueryClient();
  return async (name: string, params: Record<string, boolean>, key: Wish): Promise<RunObject> => {
    const { items } = await get<Page<PipelineObject>>('pipelines', { workspace, origin: 'sample', name });
    const there = items.find((pipeline) => pipeline.name === name);
    const pipeline =
      there ??
      (await write<PipelineWithText>('POST', `samples/${name}`, undefined, { key, query: { workspace } })).body;
    const { body } = await write<RunObject>('POST', `pipelines/${pipeline.id}/runs`, { params }, { key });
    void queries.invalidateQueries({ queryKey: ['first-steps', workspace] });
    return body;
  };
}
