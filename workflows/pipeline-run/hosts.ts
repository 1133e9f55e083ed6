import { CancellationScope } from '@temporalio/workflow';
import type { HostClaim } from '#core/attempt.ts';
import type { OutlineStage } from '#core/outline.ts';
import { cleanerOn, pool } from './activities.ts';

/** The hosts this run has claimed, one an executor (ENGINE 16: once per run and pool). */
export interface Hosts {
  /** Claims on first use; stages that come later share the claim. */
  claim(executor: OutlineStage['executor']): Promise<HostClaim>;
  /**
   * The host takes no work: waits until nothing of the run can be alive there, then forgets it. False: it lives, and has
   * much to do.
   */
  giveUp(claim: HostClaim): Promise<boolean>;
  /** Removes all of the run on every host; with `now` also what still runs. */
  close(): Promise<void>;
}

/**
 * Claiming and closing belong to the run, not to the stage that asked first, so they run in scopes that no stage's
 * cancel reaches: a stage that is stopped only stops waiting for the claim.
 */
export function claimHosts(runId: string, stages: readonly OutlineStage[]): Hosts {
  const claims = new Map<OutlineStage['executor'], { scope: CancellationScope; claim: Promise<HostClaim> }>();
  const lost = new Map<string, Promise<boolean>>();

  function open(executor: OutlineStage['executor']): Promise<HostClaim> {
    const names = stages.filter((stage) => stage.executor === executor).map((stage) => stage.name);
    const shield = new CancellationScope({ cancellable: false });
    return shield.run(() => {
      const scope = new CancellationScope();
      const claim = scope.run(() => pool.openHost({ runId, executor, stages: names }));
      claims.set(executor, { scope, claim });
      // A claim that failed must not stand in the way of a retry of the stage.
      claim.catch(() => claims.delete(executor));
      return claim;
    });
  }

  return {
    claim: (executor) =>
      Promise.race([claims.get(executor)?.claim ?? open(executor), CancellationScope.current().cancelRequested]),
    giveUp(claim) {
      const known = lost.get(claim.hostId);
      if (known) return known;
      const gone = CancellationScope.nonCancellable(async () => {
        // Histories of older releases have no answer: whoever was asked for was gone.
        const answer: { isGone: boolean } | undefined = await pool.awaitHostGone({ runId, hostId: claim.hostId });
        const isGone = answer?.isGone ?? true;
        if (isGone) claims.delete(claim.executor);
        return isGone;
      });
      lost.set(claim.hostId, gone);
      const forget = () => lost.delete(claim.hostId);
      gone.then(forget, forget);
      return gone;
    },
    close: () =>
      CancellationScope.nonCancellable(async () => {
        // What is still being opened is given up; the reaper removes what it may have made.
        for (const { scope } of claims.values()) scope.cancel();
        const held = await Promise.allSettled([...claims.values()].map(({ claim }) => claim));
        const opened = held.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
        await Promise.allSettled(opened.map(({ queue, hostId }) => cleanerOn(queue).closeHost({ runId, hostId })));
      }),
  };
}
