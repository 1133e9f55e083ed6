import { ApplicationFailure } from '@temporalio/workflow';
import type { Status } from '#core/run.ts';

/** Nothing can be asked of a run that is over. */
export function refuseEnded(status: Status): void {
  if (status.kind === 'ended') {
    throw ApplicationFailure.nonRetryable(`the run has ended: ${status.ending}`, 'run-ended');
  }
}
