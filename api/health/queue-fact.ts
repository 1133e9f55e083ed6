import { formatDuration } from '#core/duration.ts';
import type { HealthFact } from '#core/rest-health.ts';
import type { QueueWait } from '#db/queries/queue-wait.ts';
import { describe } from './describe-fact.ts';

/** Longer is a platform fault (UI §4.16). */
const LATE_MS = 5 * 60_000;

/** Whether stages that are ready get a place in time. */
export function describeQueue({ stages, p95Ms }: QueueWait): HealthFact {
  const isLate = p95Ms > LATE_MS;
  const value = stages === 0 ? 'empty' : `${stages} wait, 95 of 100 for at most ${formatDuration(p95Ms)}`;
  return {
    ...describe('queue', 'Stages that are ready and have no place', value, isLate ? 'bad' : 'ok'),
    limit: '5 min for 95 of 100',
    remedy: isLate ? 'start another worker, or raise the limits: who waits for what stands under quotas' : null,
  };
}
