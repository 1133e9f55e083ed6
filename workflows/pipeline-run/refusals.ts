import { ApplicationFailure } from '@temporalio/workflow';
import type { Status } from '#core/run.ts';

/** Nothing can be asked of a run that is over. */
export function refuseEnded(status: Status): void {
  if (status.kind === 'ended') {
    throw refuse('run-ended', `the run has ended: ${status.ending}`);
  }
}

/** A refusal with its code; without a trace in the history when a validator throws it. */
export function refuse(code: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}
