import { useEffect, useState } from 'react';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import { useGroups } from './groups/use-groups.ts';
import { useStatistics } from './use-statistics.ts';

/** So long the page waits for what would push the rest of it down when it comes later (UI §10, layout shift). */
const PATIENCE_MS = 400;

/** Whether all of the head is there, or has been waited for long enough. */
export function useIsKnown(pipeline: PipelineObject | undefined): boolean {
  const groups = useGroups(pipeline);
  const statistics = useStatistics(pipeline);
  const [isLate, setLate] = useState(false);
  const isThere = pipeline !== undefined;
  useEffect(() => {
    if (!isThere) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isThere]);
  return isLate || (!groups.isLoading && !statistics.isLoading);
}
