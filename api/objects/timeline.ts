import type { Settings } from '#config/system/settings.ts';
import { runWorkflowId } from '#core/ids.ts';
import type { TimelineObject, TimelineSpan } from '#core/rest-compare.ts';
import type { QueuedRow } from '#db/queries/list-queued.ts';
import type { AttemptRow, GateRow, RunRow } from '#db/rows.ts';

/**
 * When attempts of a run executed and its gates asked, in the order of their beginning. `settings` say where the
 * workflow is, for operators; null for everybody else.
 */
export function toTimeline(
  run: RunRow,
  attempts: readonly AttemptRow[],
  gates: readonly GateRow[],
  queued: readonly QueuedRow[],
  settings: Pick<Settings, 'temporal' | 'temporalWeb'> | null,
): TimelineObject {
  const byStage = Map.groupBy(queued, ({ name }) => name);
  const ends = new Map(attempts.map(({ stage, attempt, endedAt }) => [`${attempt} ${stage}`, endedAt]));
  const executed = attempts.flatMap(({ stage, attempt, startedAt, endedAt, status, result }): TimelineSpan[] => {
    if (startedAt === null) return [];
    const ending = status.kind === 'ended' ? status.ending : null;
    const after = ends.get(`${attempt - 1} ${stage}`) ?? '';
    const since = byStage.get(stage)?.find((one) => one.since >= after && one.since <= startedAt)?.since;
    return [
      {
        ...{ kind: 'attempt', name: stage, attempt, from: startedAt, to: endedAt, ending },
        queuedAt: since ?? null,
        programAt: result?.programAt ?? null,
        savedAt: result?.savedAt ?? null,
        stepMs: result?.stepMs ?? [],
      },
    ];
  });
  const asked = gates.flatMap(({ name, openedAt, status }): TimelineSpan[] => {
    if (openedAt === null) return [];
    const end = status.kind === 'ended' ? status : null;
    const none = { queuedAt: null, programAt: null, savedAt: null, stepMs: [] };
    return [
      { kind: 'gate', name, attempt: 0, from: openedAt, to: end?.at ?? null, ending: end?.ending ?? null, ...none },
    ];
  });
  return {
    from: run.createdAt,
    to: run.endedAt,
    spans: [...executed, ...asked].toSorted((left, right) => (left.from < right.from ? -1 : 1)),
    workflow: settings ? describeWorkflow(run, settings) : null,
  };
}

/** Addresses as Temporal's web interface has them. */
function describeWorkflow(
  { id: run, workflowRunId: runId }: RunRow,
  { temporal, temporalWeb }: Pick<Settings, 'temporal' | 'temporalWeb'>,
): TimelineObject['workflow'] {
  const id = runWorkflowId(run);
  const parts = [temporal.namespace, 'workflows', id, ...(runId === null ? [] : [runId, 'history'])].map(
    encodeURIComponent,
  );
  return { id, runId, url: temporalWeb === null ? null : `${temporalWeb}/namespaces/${parts.join('/')}` };
}
