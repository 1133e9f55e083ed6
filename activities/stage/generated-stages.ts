import { addGenerated, type GeneratedPlan } from '#config/pipeline/add-generated.ts';
import { nameGenerated } from '#config/pipeline/generated.ts';
import { renderDiagnostics, summarizeDiagnostics } from '#config/pipeline/render.ts';
import type { Reason } from '#core/attempt.ts';
import type { Diagnostic } from '#core/diagnostic.ts';
import type { Plan } from '#core/plan.ts';
import type { CurrentPlan, WrittenStages } from './written-stages.ts';

// Loaded by the first stage that generates others: it brings the compiler of pipelines along.

/** What a text of stages is worth in a run, with what its stage's log says of it. */
export function judgeStages(current: CurrentPlan, by: string, text: string): Exclude<WrittenStages, { kind: 'none' }> {
  const kept = findKept(current.plan, by);
  if (kept !== null) {
    const say =
      kept === text ? '' : 'this run repeats the stages that were generated before; those it wrote are set aside';
    return { kind: 'text', text: kept, say };
  }
  const grown = addGenerated(current.plan, by, text, current.envFile);
  const diagnostics = grown.kind === 'grown' ? grown.warnings : grown.diagnostics;
  const say = diagnostics.length > 0 ? describe(current.plan, by, text, diagnostics) : '';
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
