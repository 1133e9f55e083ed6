import type { Reason } from '#core/attempt.ts';
import { describePlaceWanted, QUOTA_REASON } from '#core/place.ts';
import type { Status } from '#core/run.ts';
import { listPlacesWanted } from '#db/queries/slots.ts';
import type { Scoped } from '#db/scope.ts';

/** The row of a stage says how many were ahead when it asked for its place; people see how many are now. */
export async function showPlaces<Stage extends { name: string; status: Status; reason: Reason | null }>(
  scoped: Scoped,
  runId: string,
  stages: Stage[],
): Promise<Stage[]> {
  const isQueued = stages.some(({ status }) => status.kind === 'queued' && status.reason?.code === QUOTA_REASON);
  if (!isQueued) return stages;
  const wanted = await listPlacesWanted(scoped, runId);
  const byStage = new Map(wanted.map((place) => [place.stage, describePlaceWanted(place)]));
  return stages.map((stage) => {
    const reason = byStage.get(stage.name);
    return reason && stage.status.kind === 'queued' ? { ...stage, reason, status: { ...stage.status, reason } } : stage;
  });
}
