import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { AttemptResult, HostClaim, PlaceQueued, StageTask } from '#core/attempt.ts';
import { hasPatch } from '../patches.ts';
import { local, stageOn } from './activities.ts';

/** How an attempt was delivered, and when nobody waits for its end any more. */
export interface Delivery {
  claim: HostClaim;
  /** Of the attempt, with its grace and what is collected. */
  limitMs: number;
  summary: string;
  /** Resolves when the run is stopped by force. */
  forced: Promise<void>;
}

/**
 * Whether an attempt that was cancelled may still run: Temporal delivers what is cancelled to nobody else, be it that
 * its worker fell silent or let go, or that it waits for the next one. What waits for its first worker never began.
 */
export async function isLeftBehind({ runId, stage, attempt }: StageTask, error: unknown): Promise<boolean> {
  if (!(error instanceof ActivityFailure) || error.retryState !== 'CANCEL_REQUESTED') return false;
  if (!hasPatch('ends-what-was-cancelled')) return false;
  if (!isCancellation(error)) return true;
  return CancellationScope.nonCancellable(() => local.hasBegun({ runId, stage, attempt }));
}

/** Delivers it once more, to be ended. A forced stop waits for nobody. */
export function endLeftBehind(
  task: StageTask,
  { claim, limitMs, summary, forced }: Delivery,
): Promise<AttemptResult | PlaceQueued> {
  return CancellationScope.nonCancellable(() => {
    const scope = new CancellationScope();
    void forced.then(() => scope.cancel());
    const { runStage } = stageOn({ claim, leaseMs: claim.leaseMs, limitMs, summary, isUrgent: true });
    return scope.run(() => runStage({ ...task, isCancelled: true }));
  });
}
