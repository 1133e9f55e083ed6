import type { Diagnostic } from '#core/diagnostic.ts';
import { growNodes } from '#core/growth.ts';
import type { Plan } from '#core/plan.ts';
import { compile } from './compile.ts';
import { digestPlan } from './digest.ts';
import { replayImports } from './recorded-imports.ts';

export type GeneratedPlan =
  | { kind: 'grown'; plan: Plan; added: string[]; warnings: Diagnostic[] }
  | { kind: 'refused'; diagnostics: Diagnostic[] };

/**
 * The plan with the stages that a generator of its run has written (LANGUAGE §9): the file is compiled once more, with
 * them in it. `env` is the environment's lowest layer, as it was when the run was planned.
 */
export function addGenerated(
  plan: Plan,
  by: string,
  text: string,
  env: Readonly<Record<string, string>>,
): GeneratedPlan {
  const { source } = plan;
  if (!source) throw new Error('a plan with a generator keeps its source');
  const generated = [...source.generated, { by, text }];
  const { trigger, pr, params, executor, stages } = source;
  const output = compile({
    file: plan.file,
    text: source.text,
    facts: { git: plan.git, trigger, pr, env },
    params,
    executor,
    stages,
    imports: replayImports(source.imports),
    generated,
  });
  if (!output.plan) return { kind: 'refused', diagnostics: output.diagnostics };
  const added = output.plan.nodes.filter((node) => node.generatedBy === by);
  const { digest: _, ...rest } = plan;
  const grown: Omit<Plan, 'digest'> = {
    ...rest,
    nodes: growNodes(plan.nodes, by, added),
    groups: { ...output.plan.groups, ...plan.groups },
    source: { ...source, generated },
    ...(output.plan.cacheScopes ? { cacheScopes: plan.cacheScopes ?? output.plan.cacheScopes } : {}),
  };
  return {
    kind: 'grown',
    plan: { ...grown, digest: digestPlan(grown) },
    added: added.map((node) => node.name),
    warnings: output.diagnostics,
  };
}
