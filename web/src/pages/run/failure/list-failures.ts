import type { AttemptObject, StageObject } from '#core/rest.ts';

/** A stage or gate that made the run end badly, with the attempt that stands. */
export interface Failure {
  stage: StageObject;
  attempt: AttemptObject | null;
  at: string;
}

const BAD: ReadonlySet<string> = new Set(['failed', 'errored', 'timed-out', 'rejected']);

/** What failed, first in time first. */
export function listFailures(stages: readonly StageObject[]): Failure[] {
  return stages
    .flatMap((stage): Failure[] => {
      const { status } = stage;
      if (status.kind !== 'ended' || !BAD.has(status.ending)) return [];
      const attempt = stage.attempts.at(-1) ?? null;
      return [{ stage, attempt, at: attempt?.endedAt ?? status.at }];
    })
    .toSorted((left, right) =>
      left.at < right.at ? -1 : left.at > right.at ? 1 : left.stage.position - right.stage.position,
    );
}
