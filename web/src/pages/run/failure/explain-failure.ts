import type { Reason } from '#core/attempt.ts';
import type { Plan } from '#core/plan.ts';
import { writeSize } from '../stage/stage-facts.ts';
import { explainExit } from '../stage/stage-words.ts';
import { findStagePlan } from '../use-plan.ts';
import { explainRetry } from './explain-retry.ts';
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
  /** A service that died or never was ready, with what it printed last. */
  service: { name: string; lines: string[] } | null;
  /** Of an error of the platform: what, why, and what helps. */
  fault: { code: string; message: string; cause: string | null; fix: string | null } | null;
}

export function explainFailure({ stage, attempt }: Failure, plan: Plan | undefined): FailureWords {
  const node = findStagePlan(plan, stage.name);
  const number = attempt?.step ?? null;
  const step = number === null ? null : node?.steps[number - 1];
  // Without a step, the stage is where its first one is.
  const at = step ?? node?.steps[0];
  const code = attempt?.exitCode ?? null;
  const reason = attempt?.reason ?? stage.reason ?? (stage.status.kind === 'ended' ? stage.status.reason : null);
  const fault = attempt?.fault ?? null;
  const memory = reason === null || code === null ? null : explainMemory(reason);
  const meaning = code === null ? null : (memory ?? explainExit(code));
  const total = node ? ` of ${node.steps.length}` : '';
  return {
    step: number === null ? null : `step ${number}${total}${step ? `: ${step.title}` : ''}`,
    exit: code === null || code === 0 ? null : `exit ${code}${meaning === null ? '' : `, ${meaning}`}`,
    // The plain words of an exit are said above already.
    reason: fault !== null || memory !== null || reason === null || reason.code === 'exit' ? null : reason.message,
    place: plan && at ? `${at.file ?? plan.file}:${at.line}` : null,
    retry: node ? explainRetry(stage.attempts, node.retry) : null,
    service: reason === null ? null : findService(reason),
    fault: fault && { code: fault.code, message: fault.message, cause: fault.cause ?? null, fix: fault.fix ?? null },
  };
}

/** `killed: memory limit 1GiB` */
function explainMemory({ code, values }: Reason): string | null {
  if (code !== 'out-of-memory') return null;
  const limit = Number(values?.['limit']);
  return Number.isFinite(limit) ? `killed: memory limit ${writeSize(limit)}` : 'killed: the machine had no memory left';
}

/** The engine keeps the last lines of a service with the reason (activities/stage/services.ts). */
function findService({ code, values }: Reason): FailureWords['service'] {
  if (code !== 'service-ended' && code !== 'service-not-ready') return null;
  return { name: values?.['service'] ?? '', lines: values?.['log']?.split('\n') ?? [] };
}
