import { ApplicationFailure } from '@temporalio/common';
import { type Fault, faultOf } from '#core/fault.ts';

/**
 * What is thrown out of an activity: a fault with its own retry decision as an ApplicationFailure whose type is the
 * code and whose first detail is the fault. Anything else stays as it is; Temporal tries it again.
 */
export function toFailure(thrown: unknown): unknown {
  const fault = faultOf(thrown);
  return fault === null ? thrown : describeFailure(fault);
}

function describeFailure(fault: Fault): ApplicationFailure {
  return ApplicationFailure.create({
    message: fault.message,
    type: fault.code,
    nonRetryable: fault.retry.kind === 'no',
    details: [fault],
    ...(fault.retry.kind === 'yes' ? { nextRetryDelay: fault.retry.afterMs } : {}),
  });
}
