import type { Ending } from '#core/ending.ts';

/** Exit codes of every command (UI §8). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notReady: 3,
  notAllowed: 4,
  notFound: 5,
  decisionNeeded: 6,
  errored: 7,
  rejected: 8,
  conflict: 9,
  timedOut: 124,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command that waited for a run ends with. `soft-failed` is "passed with warnings". */
export function exitOfEnding(ending: Ending): ExitCode {
  switch (ending) {
    case 'passed':
    case 'soft-failed':
    case 'skipped':
      return EXIT.done;
    case 'failed':
    case 'not-run':
      return EXIT.failed;
    case 'errored':
      return EXIT.errored;
    case 'timed-out':
      return EXIT.timedOut;
    case 'cancelled':
      return EXIT.interrupted;
    case 'rejected':
      return EXIT.rejected;
    default:
      return ending satisfies never;
  }
}

/** What a refusal of the API ends a command with, by its HTTP status. */
export function exitOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 404) return EXIT.notFound;
  if (status === 409 || status === 412 || status === 428) return EXIT.conflict;
  if (status === 429 || status === 503) return EXIT.notReady;
  if (status >= 400 && status < 500) return EXIT.usage;
  return EXIT.errored;
}
