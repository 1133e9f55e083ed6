import type { Plan } from '#core/plan.ts';
import type { PlanSummary } from '#core/rest-pipelines.ts';

export function describePlan(plan: Plan): PlanSummary {
  const stages = plan.nodes.filter((node) => node.kind === 'stage');
  const names = [...new Set(stages.map((stage) => stage.stage))];
  return {
    name: plan.pipeline.name,
    digest: plan.digest,
    file: plan.file,
    stages: names.map((name) => ({ name, legs: plan.groups[name]?.legs.length ?? 0 })),
    gates: plan.nodes.filter((node) => node.gate !== null).map((node) => node.name),
    excluded: plan.nodes.flatMap(({ name, when }) =>
      when?.kind === 'decided' && !when.value ? [{ name, expression: when.expression, values: when.values }] : [],
    ),
    executors: [...new Set(stages.map((stage) => stage.executor))],
    secrets: plan.secrets,
    notices: plan.notices,
  };
}
