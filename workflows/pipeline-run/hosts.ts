import { CancellationScope } from '@temporalio/workflow';
import type { HostOpening } from '#activities/contract.ts';
import type { HostClaim } from '#core/attempt.ts';
import type { HeldHost } from '#core/continued-run.ts';
import type { OutlineStage } from '#core/outline.ts';
import { cleanerOn, here, openerOn, pool } from './activities.ts';

/** What of a stage decides which host it needs. */
export type HostNeed = Pick<OutlineStage, 'executor' | 'runsOn'>;

/** The hosts this run has claimed, one an executor and set of labels (ENGINE 16: once per run and pool). */
export interface Hosts {
  /**
   * From now on what takes no time on a host is done by the workflow's own worker, which is the only one: stages that are
   * processes have nothing to be prepared. A container's network takes longer than a workflow task should.
   */
  stayHere(): void;
  /** What of a run that begins now may be opened with its claim: process stages that wait for nothing. Null for none. */
  describeOpening(begins: (stage: string) => boolean): HostOpening | null;
  /** What was opened so. */
  hold(claim: HostClaim): void;
  /**
   * The run is about to end: the host that its last record leaves, when it was opened with the claim and there is no other.
   * Then it is closed.
   */
  leave(): string | null;
  /** Whether a claim for it is there or on its way. */
  has(need: HostNeed): boolean;
  /**
   * Claims on first use; stages that come later share the claim. `queue` is that of a machine that has the labels; null
   * takes any of the pool.
   */
  claim(need: HostNeed, queue: string | null): Promise<HostClaim>;
  /**
   * The host takes no work: waits until nothing of the run can be alive there, then forgets it. False: it lives, and has
   * much to do.
   */
  giveUp(claim: HostClaim): Promise<boolean>;
  /** Removes all of the run on every host; with `now` also what still runs. */
  close(): Promise<void>;
  /** What is claimed and open. */
  readonly held: HeldHost[];
}

interface HeldClaim {
  scope: CancellationScope;
  claim: Promise<HostClaim>;
  need: HostNeed;
  /** Null until it is there. */
  opened: HostClaim | null;
  isHere: boolean;
  /** Opened with the run's claim. */
  isWithRun: boolean;
}

/** Has nothing to be prepared. */
const PROCESS = { executor: 'process' } as const satisfies HostNeed;

function keyOf({ executor, runsOn }: HostNeed): string {
  return [executor, ...(runsOn ?? [])].join(' ');
}

function pickNeed({ executor, runsOn }: HostNeed): HostNeed {
  return runsOn === undefined ? { executor } : { executor, runsOn };
}

/** One that an earlier execution has claimed: left by its queue. */
function holdOpened(need: HostNeed, claim: HostClaim): HeldClaim {
  return {
    scope: new CancellationScope(),
    claim: Promise.resolve(claim),
    need,
    opened: claim,
    isHere: false,
    isWithRun: false,
  };
}

/**
 * Claiming and closing belong to the run, not to the stage that asked first, so they run in scopes that no stage's
 * cancel reaches: a stage that is stopped only stops waiting for the claim.
 */
export function claimHosts(runId: string, stages: readonly OutlineStage[], before: readonly HeldHost[] = []): Hosts {
  const claims = new Map(before.map(({ need, claim }) => [keyOf(need), holdOpened(need, claim)]));
  const lost = new Map<string, Promise<boolean>>();
  let staysHere = false;

  const listNames = (key: string): string[] =>
    stages.filter((stage) => keyOf(stage) === key).map((stage) => stage.name);

  function open(need: HostNeed, queue: string | null): Promise<HostClaim> {
    const key = keyOf(need);
    const { executor } = need;
    const names = listNames(key);
    const isHere = staysHere && queue === null && executor === 'process';
    const { openHost } = isHere ? here : queue === null ? pool : openerOn(queue);
    const shield = new CancellationScope({ cancellable: false });
    return shield.run(() => {
      const scope = new CancellationScope();
      const claim = scope.run(() => openHost({ runId, executor, stages: names }));
      const held: HeldClaim = { scope, claim, need: pickNeed(need), opened: null, isHere, isWithRun: false };
      claims.set(key, held);
      // A claim that failed must not stand in the way of a retry of the stage.
      claim.then(
        (opened) => (held.opened = opened),
        () => claims.delete(key),
      );
      return claim;
    });
  }

  /** Also those of other labels, which are on the same machine. */
  function forgetHost({ hostId, executor }: HostClaim): void {
    for (const [key, held] of claims) {
      if (held.need.executor === executor && held.opened?.hostId === hostId) claims.delete(key);
    }
  }

  return {
    stayHere: () => void (staysHere = true),
    describeOpening(begins) {
      const names = listNames(keyOf(PROCESS));
      return names.some(begins) ? { ...PROCESS, stages: names } : null;
    },
    hold: (claim) => void claims.set(keyOf(PROCESS), { ...holdOpened(PROCESS, claim), isHere: true, isWithRun: true }),
    leave() {
      const held = [...claims.values()];
      if (held.length === 0 || held.some(({ isWithRun }) => !isWithRun)) return null;
      claims.clear();
      return held[0]?.opened?.hostId ?? null;
    },
    has: (need) => claims.has(keyOf(need)),
    claim: (need, queue) =>
      Promise.race([claims.get(keyOf(need))?.claim ?? open(need, queue), CancellationScope.current().cancelRequested]),
    giveUp(claim) {
      const known = lost.get(claim.hostId);
      if (known) return known;
      const gone = CancellationScope.nonCancellable(async () => {
        // Histories of older releases have no answer: whoever was asked for was gone.
        const answer: { isGone: boolean } | undefined = await pool.awaitHostGone({ runId, hostId: claim.hostId });
        const isGone = answer?.isGone ?? true;
        if (isGone) forgetHost(claim);
        return isGone;
      });
      lost.set(claim.hostId, gone);
      const forget = () => lost.delete(claim.hostId);
      gone.then(forget, forget);
      return gone;
    },
    get held() {
      return [...claims.values()].flatMap(({ need, opened }) => (opened ? [{ need, claim: opened }] : []));
    },
    close: () =>
      CancellationScope.nonCancellable(async () => {
        // What is still being opened is given up; the reaper removes what it may have made.
        for (const { scope } of claims.values()) scope.cancel();
        const held = [...claims.values()];
        const settled = await Promise.allSettled(held.map(({ claim }) => claim));
        const opened = settled.flatMap((claim, index) =>
          claim.status === 'fulfilled' ? [{ ...claim.value, isHere: held[index]?.isHere === true }] : [],
        );
        // Leaving a host leaves all of the run there, containers too: what has a queue is left by it alone.
        const queued = opened.filter(({ isHere }) => !isHere);
        const left = queued.length > 0 ? queued : opened;
        await Promise.allSettled(
          left.map(({ queue, hostId, isHere }) => (isHere ? here : cleanerOn(queue)).closeHost({ runId, hostId })),
        );
      }),
  };
}
