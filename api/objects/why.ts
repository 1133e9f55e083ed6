import { isMet } from '#core/edge.ts';
import type { Plan } from '#core/plan.ts';
import type { WhyObject } from '#core/rest.ts';
import type { StageRow } from '#db/rows.ts';
import type { AttemptRow } from '#db/rows.ts';
import { toStageObject } from './stage-object.ts';

/** What decided about a node: its edges as they stand, its condition with the values, its attempts. */
export function explainStage(
  plan: Plan,
  stage: StageRow,
  stages: readonly StageRow[],
  attempts: readonly AttemptRow[],
): WhyObject {
  const endings = new Map(stages.map((other) => [other.name, other.ending]));
  const object = toStageObject(stage, attempts);
  return {
    stage: stage.name,
    status: stage.status,
    reason: stage.reason ?? ('reason' in stage.status ? stage.status.reason : null),
    needs: stage.needs.map((edge) => {
      const ending = endings.get(edge.to) ?? null;
      return { to: edge.to, on: edge.on, ending, met: ending === null ? null : isMet(edge.on, ending) };
    }),
    condition: explainCondition(plan, stage, attempts.length > 0),
    attempts: object.attempts.flatMap(({ attempt, status, exitCode, reason }) =>
      status.kind === 'ended' ? [{ attempt, ending: status.ending, exitCode, reason }] : [],
    ),
  };
}

function explainCondition(plan: Plan, stage: StageRow, hasRun: boolean): WhyObject['condition'] {
  const when = plan.nodes.find((node) => node.name === stage.name)?.when ?? null;
  if (when === null) return null;
  if (when.kind === 'decided') return { expression: when.expression, value: when.value, values: when.values };
  if (stage.reason?.code === 'when-false') {
    return { expression: when.expression, value: false, values: stage.reason.values ?? {} };
  }
  return { expression: when.expression, value: hasRun ? true : null, values: {} };
}
