import { createHash } from 'node:crypto';
import type { Diagnostic } from '#core/diagnostic.ts';
import type { ParamDeclaration } from '#core/param.ts';
import type { Plan } from '#core/plan.ts';
import type { PipelineGraph, ValidationObject } from '#core/rest-pipelines.ts';
import type { DeclaredTrigger } from '#core/trigger.ts';
import type { ApiContext } from '../context.ts';
import { describePlan } from '../objects/plan-summary.ts';
import { ProblemError } from '../problem.ts';

/** What the compiler says of a text when nothing of a run is known. */
export function validateText(context: ApiContext, name: string, text: string): ValidationObject {
  const { plan, diagnostics, ...declared } = compileText(context, name, text);
  const graph = plan && describeGraph(plan, declared);
  return { valid: plan !== null, diagnostics, plan: plan && describePlan(plan), graph };
}

/** Nodes and edges of a text that was kept, and what a trigger of it asks for. */
export function loadGraph(
  context: ApiContext,
  name: string,
  version: { version: number; text: string },
): PipelineGraph {
  const { plan, diagnostics, ...declared } = compileText(context, name, version.text);
  if (!plan) throw refuseText(name, diagnostics);
  return { version: version.version, ...describeGraph(plan, declared) };
}

function describeGraph(
  plan: Plan,
  { params, triggers }: { params: ParamDeclaration[]; triggers: DeclaredTrigger[] },
): Omit<PipelineGraph, 'version'> {
  return {
    nodes: plan.nodes.map((node) => ({
      kind: node.kind,
      name: node.name,
      stage: node.kind === 'stage' ? node.stage : node.name,
      leg: node.kind === 'stage' ? node.leg : null,
      runOn: node.runOn,
    })),
    edges: plan.nodes.flatMap((node) => node.needs.map(({ to, on }) => ({ from: to, to: node.name, on }))),
    ...{ params, triggers },
  };
}

/** The plan of a text that is to be kept. Throws 422 `pipeline-invalid` with every diagnostic. */
export function checkText(context: ApiContext, name: string, text: string): Plan {
  const { plan, diagnostics } = compileText(context, name, text);
  if (!plan) throw refuseText(name, diagnostics);
  return plan;
}

export function refuseText(name: string, diagnostics: Diagnostic[]): ProblemError {
  const count = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const detail = `pipeline ${name} has ${count} ${count === 1 ? 'error' : 'errors'}`;
  return new ProblemError(422, 'pipeline-invalid', detail, {
    hint: 'each diagnostic says where and what; buildit validate FILE shows them in the text',
    diagnostics,
  });
}

/** Name of the file that a pipeline on the server would be. */
export function fileOf(name: string): string {
  return `${name}.kdl`;
}

export function digestText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The plan of a text when nothing of a run is known. */
export function compileText(context: ApiContext, name: string, text: string) {
  return context.compile({ file: fileOf(name), text, facts: null, params: {}, executor: null, stages: [] });
}
