import { runWorkflowId } from '#core/ids.ts';
import type { TimelineObject, TimelineSpan } from '#core/rest-compare.ts';
import type { AttemptRow, GateRow, RunRow } from '#db/rows.ts';

/** When attempts of a run executed and its gates asked, in the order of their beginning. */
export function toTimeline(
  run: RunRow,
  attempts: readonly AttemptRow[],
  gates: readonly GateRow[],
  isOperator: boolean,
): TimelineObject {
  const executed = attempts.flatMap(({ stage, attempt, startedAt, endedAt, status }): TimelineSpan[] => {
    if (startedAt === null) return [];
    const ending = status.kind === 'ended' ? status.ending : null;
    return [{ kind: 'attempt', name: stage, attempt, from: startedAt, to: endedAt, ending }];
  });
  const asked = gates.flatMap(({ name, openedAt, status }): TimelineSpan[] => {
    if (openedAt === null) return [];
    const end = status.kind === 'ended' ? status : null;
    return [{ kind: 'gate', name, attempt: 0, from: openedAt, to: end?.at ?? null, ending: end?.ending ?? null }];
  });
  return {
    from: run.createdAt,
    to: run.endedAt,
    spans: [...executed, ...asked].toSorted((left, right) => (left.from < right.from ? -1 : 1)),
    workflow: isOperator ? { id: runWorkflowId(run.id), runId: run.workflowRunId } : null,
  };
}
