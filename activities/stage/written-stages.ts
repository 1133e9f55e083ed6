import { addGenerated, type GeneratedPlan } from '#config/pipeline/add-generated.ts';
import { nameGenerated } from '#config/pipeline/generated.ts';
import { renderDiagnostics, summarizeDiagnostics } from '#config/pipeline/render.ts';
import type { ObjectReference, Reason, StageTask } from '#core/attempt.ts';
import type { Diagnostic } from '#core/diagnostic.ts';
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
  const current = await loadCurrent();
  const kept = findKept(current.plan, task.stage);
  if (kept !== null) {
    const say =
      kept === text ? '' : 'this run repeats the stages that were generated before; those it wrote are set aside';
    return { kind: 'text', text: kept, say };
  }
  const grown = addGenerated(current.plan, task.stage, text, current.envFile);
  const diagnostics = grown.kind === 'grown' ? grown.warnings : grown.diagnostics;
  const say = diagnostics.length > 0 ? describe(current.plan, task.stage, text, diagnostics) : '';
  return grown.kind === 'grown' ? { kind: 'text', text, say } : { kind: 'refused', reason: reasonOf(diagnostics), say };
}

/** The plan with these stages; as it is when it has them already. */
export function growPlan({ plan, envFile }: CurrentPlan, by: string, text: string): GeneratedPlan {
  if (findKept(plan, by) === null) return addGenerated(plan, by, text, envFile);
  const added = plan.nodes.filter((node) => node.generatedBy === by).map((node) => node.name);
  return { kind: 'grown', plan, added, warnings: [] };
}

/** Why a text is not taken, in short. */
export function reasonOf(diagnostics: readonly Diagnostic[]): Reason {
  const errors = diagnostics.filter((one) => one.severity === 'error');
  const [first] = errors;
  const place = first ? `line ${first.span.start.line}: ${first.message}` : '';
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
  return { code: 'stages-refused', message: `the stages it generated are wrong: ${place}${more}` };
}

function findKept(plan: Plan, by: string): string | null {
  return plan.source?.generated.find((one) => one.by === by)?.text ?? null;
}

function describe(plan: Plan, by: string, text: string, diagnostics: readonly Diagnostic[]): string {
  const known = (plan.source?.generated ?? []).map((one) => [nameGenerated(one.by), one.text] as const);
  const texts = Object.fromEntries([...known, [plan.file, plan.source?.text ?? ''], [nameGenerated(by), text]]);
  const frames = renderDiagnostics(diagnostics, { texts, color: (_style, piece) => piece });
  return `what it wrote to $BUILDIT_STAGES: ${summarizeDiagnostics(diagnostics)}\n${frames.trimEnd()}`;
}

function refuse(code: string, message: string): WrittenStages {
  return { kind: 'refused', reason: { code, message }, say: message };
}
