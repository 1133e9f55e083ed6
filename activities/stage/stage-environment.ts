import type { RunFacts } from '#core/attempt.ts';
import type { Plan, StagePlan } from '#core/plan.ts';

/** Of the caller's environment a process stage gets these and nothing else (LANGUAGE §11). */
const CALLER_VARIABLES = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR'] as const;

/**
 * LANGUAGE §11 without what only the executor knows (`BUILDIT_WORKSPACE` and the files of `executor/exchange.ts`). A fact
 * that does not exist is the empty string.
 */
export function listStageVariables(
  plan: Plan,
  stage: StagePlan,
  facts: { runId: string; attempt: number; run: RunFacts },
): Record<string, string> {
  return {
    CI: 'true',
    BUILDIT: 'true',
    BUILDIT_RUN_ID: facts.runId,
    BUILDIT_RUN_NUMBER: String(facts.run.number),
    BUILDIT_RUN_ATTEMPT: String(facts.run.attempt),
    BUILDIT_STAGE: stage.name,
    BUILDIT_STAGE_ATTEMPT: String(facts.attempt),
    BUILDIT_PIPELINE: plan.pipeline.name,
    BUILDIT_GIT_SHA: plan.git?.sha ?? '',
    BUILDIT_GIT_BRANCH: plan.git?.branch ?? '',
    BUILDIT_GIT_TAG: plan.git?.tag ?? '',
    BUILDIT_URL: facts.run.url,
  };
}

/** The caller's variables for a stage that runs on the host itself. */
export function pickCallerVariables(environment: Readonly<Record<string, string>>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of CALLER_VARIABLES) {
    const value = environment[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
