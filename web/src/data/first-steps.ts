import { useQuery } from '@tanstack/react-query';
import type { PipelineObject, SampleObject } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import { get } from './http.ts';

export interface FirstStepsDone {
  /** Pipelines that come with BuildIt. */
  samples: readonly SampleObject[];
  /** One of them has run. */
  sample: boolean;
  pipeline: boolean;
  /** Null where the caller may not see who is there. */
  people: boolean | null;
}

const MOST = 50;

/** How far a workspace has come. */
export function useFirstSteps(workspace: string, organization: string, maySeePeople: boolean) {
  return useQuery({
    queryKey: ['first-steps', workspace, maySeePeople],
    queryFn: async ({ signal }): Promise<FirstStepsDone> => {
      const [samples, pipelines, members] = await Promise.all([
        get<Page<SampleObject>>('samples', {}, signal),
        get<Page<PipelineObject>>('pipelines', { workspace, limit: MOST }, signal),
        maySeePeople ? get<Page<unknown>>('members', { organization, limit: 2 }, signal) : null,
      ]);
      return {
        samples: samples.items,
        sample: pipelines.items.some(({ origin, lastRun }) => origin === 'sample' && lastRun !== null),
        pipeline: pipelines.items.some(({ origin }) => origin !== 'sample'),
        people: members && members.items.length > 1,
      };
    },
  });
}
