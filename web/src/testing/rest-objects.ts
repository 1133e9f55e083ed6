import type { AttemptObject, StageObject } from '#core/rest.ts';
import type { Status } from '#core/run.ts';

/** A moment of the tests' minute: second 0 to 59. */
export function at(second: number): string {
  return new Date(Date.UTC(2026, 0, 2, 3, 4, second)).toISOString();
}

export function endedAs(ending: Extract<Status, { kind: 'ended' }>['ending'], second = 9): Status {
  return { kind: 'ended', ending, reason: null, at: at(second) };
}

/** A stage as the API answers it; what is not said is that of one that passed without an attempt. */
export function stageObject(name: string, more: Partial<StageObject> = {}): StageObject {
  return {
    ...{ id: name, topic: 'run:1', seq: 1, createdAt: at(0), status: endedAs('passed'), runId: '1', kind: 'stage' },
    ...{ name, stage: name.replace(/\[.*$/, ''), leg: null, position: 1, needs: [], executor: null, attempts: [] },
    ...{ reason: null, outputs: {}, carriedFrom: null, extendedMs: 0 },
    ...more,
  };
}

/** An attempt as the API answers it, of one that passed and printed nothing. */
export function attemptObject(attempt: number, more: Partial<AttemptObject> = {}): AttemptObject {
  return {
    ...{
      attempt,
      status: endedAs('passed'),
      exitCode: null,
      step: null,
      reason: null,
      startedAt: at(0),
      endedAt: at(9),
      runner: null,
      image: null,
      serviceImages: {},
    },
    ...{ log: { lines: 0, bytes: 0, ended: true }, tests: null, fault: null, caches: [] },
    ...more,
  };
}
