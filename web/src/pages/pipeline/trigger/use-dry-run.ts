import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PlanSummary } from '#core/rest-pipelines.ts';
import { write } from '../../../data/http.ts';
import { problemOf } from '../../../ui/describe-failure.ts';
import { errorsByField } from './errors-by-field.ts';

/** After the last key. */
const CALM_MS = 300;

/** What the server says of a trigger before it is one: errors by parameter, and what would run. */
export function useDryRun(pipelineId: string, body: object, isEnabled: boolean) {
  const written = JSON.stringify(body);
  const [calm, setCalm] = useState(written);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(written), CALM_MS);
    return () => clearTimeout(timer);
  }, [written]);
  const query = useQuery({
    queryKey: ['dry-run', pipelineId, calm],
    queryFn: async ({ signal }) =>
      (
        await write<PlanSummary>('POST', `pipelines/${pipelineId}/runs`, JSON.parse(calm), {
          query: { dryRun: true },
          signal,
        })
      ).body,
    enabled: isEnabled,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const problem = query.error ? problemOf(query.error) : null;
  const errors = problem ? errorsByField(problem) : NONE;
  return { errors, problem, excluded: query.data?.excluded ?? [], summary: query.data ? describe(query.data) : '' };
}

const NONE: ReadonlyMap<string, string> = new Map();

function describe({ stages, gates }: PlanSummary): string {
  const count = stages.reduce((sum, { legs }) => sum + Math.max(1, legs), 0);
  const held = gates.length === 0 ? '' : `, ${gates.length} ${gates.length === 1 ? 'gate' : 'gates'}`;
  return `${count} ${count === 1 ? 'stage' : 'stages'}${held}.`;
}
