/** Task queue of workflows and of the activities that touch only our database. */
export const CONTROL_QUEUE = 'buildit-control';
/** Task queue on which any host of a pool takes the opening of a run. */
export const HOST_POOL_QUEUE = 'buildit-hosts';
/** Workflow type of a run; its input is RunInput, its result RunResult. */
export const PIPELINE_RUN = 'pipelineRun';

/** Signal to a run: a stage of it may have the place it waits for. */
export const PLACE_GIVEN = 'placeGiven';

/** Workflow type of the lock of a concurrency group, and the signal that asks it for a place. */
export const LOCK = 'lock';
export const ASK_PLACE = 'askPlace';

/** Workflow type and schedule id of the reconciler. */
export const RECONCILE = 'reconcile';

/** Workflow type of a sweep that somebody asks for. */
export const PRUNE = 'prune';

/** Private queue of a host: the stages of runs that were claimed there. */
export function hostQueue(hostId: string): string {
  return `buildit-host-${hostId}`;
}
