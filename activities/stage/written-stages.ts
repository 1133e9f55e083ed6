import type { ObjectReference, Reason, StageTask } from '#core/attempt.ts';
import type { Plan, StagePlan } from '#core/plan.ts';
import type { Executor, Handle } from '../executor/port.ts';
import type { RunContext } from '../record/port.ts';
import type { OutputFacts } from './attempt-output.ts';
import { findSecretOutput } from './outputs.ts';

/** As much as a pipeline file (LANGUAGE §1). */
const MAX_STAGES_BYTES = 262_144;

/** What a stage wrote to `$BUILDIT_STAGES`. */
export type WrittenStages =
  | { kind: 'none' }
  /** `say` is for its log. */
  | { kind: 'refused'; reason: Reason; say: string }
  /** Stages of the run, to be added to whatever plan it has by then. */
  | { kind: 'text'; text: string; say: string };

interface Reading {
  executor: Pick<Executor, 'readExchange'>;
  task: StageTask;
  stage: StagePlan;
  secrets: Readonly<Record<string, string>>;
  /** The run's plan as it is now. */
  loadCurrent(): Promise<CurrentPlan>;
}

export interface CurrentPlan {
  reference: ObjectReference;
  plan: Plan;
  envFile: RunContext['envFile'];
}

/** Reads the stages that a generator wrote, and says in its log what is wrong with them. */
export async function readWrittenStages(
  { executor, task, stage, secrets, loadCurrent }: Reading,
  handle: Handle,
  facts: OutputFacts,
): Promise<WrittenStages> {
  if (!facts.written.has('stages') || facts.eof !== 0) return { kind: 'none' };
  if (!stage.generates) {
    return refuse('stages-not-expected', 'the stage wrote to $BUILDIT_STAGES, but does not say generate #true');
  }
  const bytes = await executor.readExchange(handle, 'stages', MAX_STAGES_BYTES);
  if (bytes.length > MAX_STAGES_BYTES) {
    return refuse('stages-too-large', 'the stage wrote more than 256 KiB to $BUILDIT_STAGES');
  }
  const text = Buffer.from(bytes).toString('utf8');
  const secret = findSecretOutput({ stages: text }, secrets);
  if (secret)
    return refuse('stages-hold-secret', '$BUILDIT_STAGES holds the value of a secret; plans are kept in the clear');
  const { judgeStages } = await import('./generated-stages.ts');
  return judgeStages(await loadCurrent(), task.stage, text);
}

function refuse(code: string, message: string): WrittenStages {
  return { kind: 'refused', reason: { code, message }, say: message };
}
