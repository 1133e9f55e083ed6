import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ComparisonObject } from '#core/rest-compare.ts';
import type { TestResultObject } from '#core/rest-tests.ts';
import type { Page, RunObject } from '#core/rest.ts';
import { get } from '../../data/http.ts';
import { useLiveQuery } from '../../data/live-queries.ts';
import { useTopic } from '../../data/stream.ts';

/** How a run of the pipeline is asked for by its number. */
export function runQuery(workspace: string, pipeline: string, number: string) {
  return {
    queryKey: ['pipeline-run', workspace, pipeline, number] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      get<RunObject>(`pipelines/${encodeURIComponent(pipeline)}/runs/${number}`, { workspace }, signal),
  };
}

/** A run of the pipeline by its number, kept up to date. */
export function useRunOf(workspace: string, pipeline: string, number: string) {
  const queries = useQueryClient();
  const { queryKey: key, queryFn } = runQuery(workspace, pipeline, number);
  const query = useLiveQuery({ key, isEnabled: number !== '', load: (signal) => queryFn({ signal }) });
  const isOpen = query.data !== undefined && query.data.status.kind !== 'ended';
  useTopic(isOpen ? query.data.topic : null, query.data?.seq, () => {
    void queries.invalidateQueries({ queryKey: key });
  });
  return query;
}

/** How two runs differ; asked anew whenever one of them has changed. */
export function useComparison(base: RunObject | undefined, head: RunObject | undefined) {
  return useQuery<ComparisonObject>({
    queryKey: ['comparison', base?.id, head?.id, base?.seq, head?.seq],
    enabled: base !== undefined && head !== undefined,
    placeholderData: (before) => before,
    queryFn: ({ signal }) => get<ComparisonObject>('runs/compare', { base: base?.id, head: head?.id }, signal),
  });
}

const MOST_PAGES = 25;

/** All test results of a run; at most 5,000. */
export function useAllTests(run: RunObject | undefined) {
  return useQuery<TestResultObject[]>({
    queryKey: ['all-tests', run?.id, run?.seq],
    enabled: run !== undefined,
    // Of the same run as it was.
    placeholderData: (before, query) => (query?.queryKey[1] === run?.id ? before : undefined),
    queryFn: async ({ signal }) => {
      const all: TestResultObject[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer: Page<TestResultObject> = await get<Page<TestResultObject>>(
          `runs/${run?.id}/tests`,
          { limit: 200, cursor },
          signal,
        );
        all.push(...answer.items);
        cursor = answer.next;
        if (cursor === null) break;
      }
      return all;
    },
  });
}
