import type { AttemptSummary } from './attempt.ts';
import type { Ending } from './ending.ts';
import type { RetryRule, StagePlan } from './plan.ts';

/** Attempts a stage may have in all, whatever its rules say (LANGUAGE §4: hard cap 10 retries). */
const MAX_ATTEMPTS = 11;
/** Built in: an infrastructure failure whose container provably never started (LANGUAGE §4). */
const BUILT_IN_RETRIES = 2;
const BUILT_IN_BACKOFF_MS = 1_000;

export type Settlement = { kind: 'retry'; afterMs: number; rule: string } | { kind: 'ended'; ending: Ending };

/**
 * What follows from the attempts of a stage so far (oldest first, the last one just
 * ended): another attempt, or the stage's ending. Pure; the workflow and the stage
 * activity both call it, so that the row the activity writes is what the workflow decides.
 * The first rule that matches decides; each rule counts its own retries.
 */
export function settle(
  stage: Pick<StagePlan, 'retry' | 'allowFailure'>,
  attempts: readonly AttemptSummary[],
): Settlement {
  const last = attempts.at(-1);
  if (!last) throw new Error('settle needs an attempt');
  if (last.ending === 'passed' || last.ending === 'cancelled') {
    return { kind: 'ended', ending: last.ending };
  }
  if (attempts.length < MAX_ATTEMPTS) {
    const retry = findRetry(stage.retry, attempts, last);
    if (retry) return retry;
  }
  return { kind: 'ended', ending: isAllowed(stage, last) ? 'soft-failed' : last.ending };
}

function findRetry(
  rules: readonly RetryRule[],
  attempts: readonly AttemptSummary[],
  last: AttemptSummary,
): Settlement | null {
  const index = rules.findIndex((rule, position) => matches(rule, position, last));
  const rule = rules[index];
  if (rule) {
    const used = attempts.filter((attempt) => firstMatch(rules, attempt) === index).length - 1;
    if (used >= rule.limit) return null;
    const wait = rule.backoffMs * rule.factor ** used;
    return {
      kind: 'retry',
      afterMs: Math.round(Math.min(wait, rule.maxMs ?? wait)),
      rule: `retry ${used + 1} of ${rule.limit} on ${rule.on}`,
    };
  }
  if (last.ending !== 'errored' || last.started) return null;
  const used = attempts.filter((attempt) => attempt.ending === 'errored').length - 1;
  if (used >= BUILT_IN_RETRIES) return null;
  return {
    kind: 'retry',
    afterMs: BUILT_IN_BACKOFF_MS * 2 ** used,
    rule: `built-in retry ${used + 1} of ${BUILT_IN_RETRIES}: the stage never started`,
  };
}

function firstMatch(rules: readonly RetryRule[], attempt: AttemptSummary): number {
  return rules.findIndex((rule, position) => matches(rule, position, attempt));
}

function matches(rule: RetryRule, position: number, attempt: AttemptSummary): boolean {
  if (attempt.ending === 'passed' || attempt.ending === 'cancelled') return false;
  const kind = { failed: 'failed', 'timed-out': 'timeout', errored: 'infra' }[attempt.ending];
  if (rule.on !== 'any' && rule.on !== kind) return false;
  if (rule.exit.length > 0 && (attempt.exitCode === null || !rule.exit.includes(attempt.exitCode))) {
    return false;
  }
  return rule.logMatch === null || attempt.logMatches.includes(position);
}

/** `allow-failure` speaks of the stage's own verdict: an error of the platform is never softened. */
function isAllowed(stage: Pick<StagePlan, 'allowFailure'>, last: AttemptSummary): boolean {
  if (stage.allowFailure === null) return false;
  if (stage.allowFailure === 'any') return last.ending === 'failed' || last.ending === 'timed-out';
  return last.ending === 'failed' && last.exitCode !== null && stage.allowFailure.includes(last.exitCode);
}
