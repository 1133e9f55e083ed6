import type { AttemptResult, StageTask } from '#core/attempt.ts';
import { describePlaceWanted } from '#core/place.ts';
import type { Activities } from '../contract.ts';
import type { PlaceRecords } from '../record/port.ts';
import { toFailure } from './failure.ts';

/**
 * Lets a stage begin only with a place of its workspace (quota `stages-at-once`). Asked here and not in the workflow: a
 * workspace without a quota has nothing of it in its histories, and one that is set holds from the next start on. Who
 * waits leaves the worker to others. Local runs are never asked for, nor is what begins nothing.
 */
export function awaitPlace(
  places: PlaceRecords,
  runStage: (task: StageTask) => Promise<AttemptResult>,
): Activities['runStage'] {
  return async (task) => {
    if (task.run.trigger === 'local' || task.isCancelled) return runStage(task);
    const wanted = await places.takePlace(task).catch((error: unknown) => {
      throw toFailure(error);
    });
    return wanted ? { queued: describePlaceWanted(wanted) } : runStage(task);
  };
}
