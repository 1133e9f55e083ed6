import { formatDuration } from '#core/duration.ts';
import type { Plan } from '#core/plan.ts';
import { explainExit } from '../stage/stage-words.ts';
import { findStagePlan } from '../use-plan.ts';
import type { Failure } from './list-failures.ts';

/** What is said of a failure, each where it is known. */
export interface FailureWords {
  /** `step 2 of 3: npm test` */
  step: string | null;
  /** `exit 137, killed (SIGKILL)` */
  exit: string | null;
  /** What the server says of it. */
  reason: string | null;
  /** `.buildit.kdl:31` */
  place: string | null;
  /** Whether it was tried again, and by which rule not. */
  retry: string | null;
  /** Of an error of the platform: what, why, and what helps. */
  fault: { code: string; message: string; cause: string | null; fix: string | null } | null;
}

export function explainFailure({ stage, attempt }: Failure, plan: Plan | undefined): FailureWords {
  const node = findStagePlan(plan, stage.name);
  const at = attempt?.step ?? null;
  const step = at === null ? null : node?.steps[at - 1];
  const code = attempt?.exitCode ?? null;
  const meaning = code === null ? null : explainExit(code);
  const reason = attempt?.reason ?? stage.reason ?? (stage.status.kind === 'ended' ? stage.status.reason : null);
  const fault = attempt?.fault ?? null;
  const total = node ? ` of ${node.steps.length}` : '';
  return {
    step: at === null ? null : `step ${at}${total}${step ? `: ${step.title}` : ''}`,
    exit: code === null || code === 0 ? null : `exit ${code}${meaning === null ? '' : `, ${meaning}`}`,
    // The plain words of an exit are said above already.
    reason: fault !== null || reason === null || reason.code === 'exit' ? null : reason.message,
    place: plan && step ? `${step.file ?? plan.file}:${step.line}` : null,
    retry: node ? describeRetry(stage.attempts.length, node.retry) : null,
    fault: fault && { code: fault.code, message: fault.message, cause: fault.cause ?? null, fix: fault.fix ?? null },
  };
}

function describeRetry(attempts: number, rules: readonly { limit: number; on: string; backoffMs: number }[]): string {
  if (attempts > 1) return `${attempts} attempts were made`;
  if (attempts === 0) return 'no attempt was made';
  if (rules.length === 0) return 'no retry rule';
  const told = rules.map(({ limit, on, backoffMs }) => `${on}, up to ${limit}, after ${formatDuration(backoffMs)}`);
  return `no retry rule applied (${told.join('; ')})`;
}
