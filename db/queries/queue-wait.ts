import { IMAGE_PULL } from '#core/image-pull.ts';
import type { Queryable } from '../client.ts';

/** Stages of open runs that are ready and have no place yet. */
export interface QueueWait {
  stages: number;
  /** How long 95 of 100 of them wait at most, ms; 0 without any. */
  p95Ms: number;
}

/** A stage that a lock holds back waits for people, one whose image comes has its place: neither waits for the platform. */
export async function readQueueWait(queryable: Queryable): Promise<QueueWait> {
  const [row] = await queryable<QueueWait[]>`
    SELECT count(*)::int AS stages, coalesce(percentile_disc(0.95) WITHIN GROUP (
        ORDER BY extract(epoch FROM now() - (stages.status ->> 'since')::timestamptz) * 1000), 0)::float8 AS p95_ms
    FROM runs JOIN stages ON stages.run_id = runs.id
    WHERE runs.status_kind IN ('queued', 'running') AND stages.status_kind = 'queued'
      AND coalesce(stages.status -> 'reason' ->> 'code', '') NOT IN ('environment-locked', ${IMAGE_PULL})`;
  return row ?? { stages: 0, p95Ms: 0 };
}
