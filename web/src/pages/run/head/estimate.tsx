import { useQuery } from '@tanstack/react-query';
import { formatDuration } from '#core/duration.ts';
import type { Page, RunObject } from '#core/rest.ts';
import { usePreference } from '../../../app/preferences.ts';
import { get } from '../../../data/http.ts';
import { zonedClock } from '../../../ui/zoned-clock.ts';
import { findMedian } from './measure-run.ts';

const writeClock = zonedClock({ hour: '2-digit', minute: '2-digit' });

/** About when an open run will have ended, with what that is from; nothing where too few runs tell. */
export function Estimate({ run, elapsedMs, now }: { run: RunObject; elapsedMs: number; now: number }) {
  const zone = usePreference('clock');
  const { data } = useQuery({
    queryKey: ['passed-durations', run.pipeline.id],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) =>
      get<Page<Pick<RunObject, 'durationMs'>>>(
        `pipelines/${run.pipeline.id}/runs`,
        { ending: 'passed', limit: 20, fields: 'durationMs' },
        signal,
      ),
  });
  const durations = data?.items.flatMap(({ durationMs }) => durationMs ?? []) ?? [];
  const median = findMedian(durations);
  if (median === null || median <= elapsedMs) return null;
  const basis = `median of the last ${durations.length} passed runs: ${formatDuration(median)}`;
  return (
    <div className="flex items-center gap-1.5">
      <dt className="text-3">Ends</dt>
      <dd className="tabular text-1" title={basis}>
        ≈ {writeClock(now + median - elapsedMs, zone)}
        <span className="sr-only">, {basis}</span>
      </dd>
    </div>
  );
}
