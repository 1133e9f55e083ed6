import { useQuery } from '@tanstack/react-query';
import { Redirect, useParams } from 'wouter';
import type { RunObject } from '#core/rest.ts';
import { get } from '../data/http.ts';
import { problemOf } from '../ui/describe-failure.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { NotFound } from './not-found.tsx';

/** `/r/:run`: the run wherever it lives. */
export function RunRedirect() {
  const { run = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['run', run],
    queryFn: ({ signal }) => get<RunObject>(`runs/${encodeURIComponent(run)}`, {}, signal),
  });
  if (data) return <Redirect to={data.url} replace />;
  if (problemOf(error)?.status === 404) return <NotFound what={`run ${run}`} />;
  return error ? <ErrorState what="The run could not be found" problem={error} onRetry={() => void refetch()} /> : null;
}
