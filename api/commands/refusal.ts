import { ProblemError } from '../problem.ts';

/** Refusals of the workflow (workflows/messages.ts) by what they are to the caller. */
const STATUSES: Record<string, 403 | 409 | 422> = {
  'not-an-approver': 403,
  'self-approval': 403,
  'comment-missing': 422,
  'field-unknown': 422,
  'field-missing': 422,
  'gate-not-open': 409,
  'plan-changed': 409,
  'already-decided': 409,
  'run-ended': 409,
  'run-cancelling': 409,
  'run-paused': 409,
  'run-not-paused': 409,
  'stage-unknown': 422,
  'stage-is-gate': 422,
  'stage-ended': 409,
  'stage-begun': 409,
  'stage-not-failed': 409,
  'finally-begun': 409,
  'timeout-missing': 422,
  'extension-too-long': 422,
};

const HINTS: Record<string, string> = {
  'not-an-approver': 'on this machine --as user:NAME acts for somebody else',
  'comment-missing': 'say why with --comment',
  'field-missing': 'give it with --field NAME=VALUE',
  'plan-changed': 'look at the run again, then decide',
  'stage-is-gate': 'approve or reject it',
  'stage-begun': 'cancel the run, or wait for the stage',
  'finally-begun': 'wait for the end, then run again what failed: buildit retry RUN',
};

export function toRefusal(code: string, message: string): ProblemError {
  return new ProblemError(STATUSES[code] ?? 409, code, message, HINTS[code] ? { hint: HINTS[code] } : {});
}

export function refuseEnded(label: string): ProblemError {
  return new ProblemError(409, 'run-ended', `${label} has ended`, { hint: `buildit retry ${label} runs it again` });
}
