import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { TimelineObject } from '#core/rest-compare.ts';
import type { StageObject } from '#core/rest.ts';
import { get } from '../../data/http.ts';

/** When what was queued, prepared, executed and kept. Asked anew when an attempt has begun or ended. */
export function useTimeline(runId: string, stages: readonly StageObject[]) {
  const query = useQuery({
    queryKey: ['run-timeline', runId],
    // Nobody tells of changes while no view of it is open.
    staleTime: 0,
    queryFn: ({ signal }) => get<TimelineObject>(`runs/${runId}/timeline`, {}, signal),
  });
  const { refetch } = query;
  const steps = useMemo(() => countSteps(stages), [stages]);
  const known = useRef(steps);
  useEffect(() => {
    if (known.current === steps) return undefined;
    known.current = steps;
    // Several at once are one question.
    const timer = setTimeout(() => void refetch(), 500);
    return () => clearTimeout(timer);
  }, [steps, refetch]);
  return query;
}

/** Grows with every beginning and end. */
function countSteps(stages: readonly StageObject[]): number {
  return stages.reduce(
    (sum, { attempts, status }) =>
      sum +
      attempts.length +
      attempts.filter(({ endedAt }) => endedAt !== null).length +
      (status.kind === 'ended' ? 1 : 0),
    0,
  );
}
