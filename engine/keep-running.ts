import { setTimeout as pause } from 'node:timers/promises';
import { faultOf, FaultError, NO_RETRY, toFault } from '#core/fault.ts';
import type { Fault } from '#core/fault.ts';
import { countDeaths, type DeathLimit } from './death-count.ts';
import type { Part, PartRole } from './part.ts';
import { isForRoom } from './room.ts';

/** What happens to a role that is kept running. */
export interface KeeperEvents {
  /** A part was started, serves, or ended: whoever shows processes looks again. */
  onChange: () => void;
  onReady: (role: PartRole) => void;
  onDeath: (role: PartRole, how: string) => void;
  /** The role will not be started again; the whole engine ends with this fault. */
  onGiveUp: (fault: Fault) => void;
}

/** A role that lives until it is stopped, whatever happens to its process. */
export interface Keeper {
  role: PartRole;
  /** The part of now, or null between a death and the next start. */
  current(): Part | null;
  /** Resolves when it serves for the first time; rejects with the fault when it never will. */
  firstReady: Promise<void>;
  stop(): Promise<void>;
}

/** Pauses before the starts that follow the first, second, … death in the window; the rule is within one second. */
const RESTART_PAUSES_MS: readonly number[] = [50, 200, 500];
const LONGEST_PAUSE_MS = 900;

/**
 * Starts a role and starts it again whenever it dies, until it died too often. A launch that throws counts as a death; a
 * fault that says it cannot get better (retry no, thrown by launch or sent as last word) ends it at once.
 */
export function keepRunning(
  role: PartRole,
  launch: () => Promise<Part>,
  events: KeeperEvents,
  limit: DeathLimit,
): Keeper {
  const countDeath = countDeaths(limit.withinMs);
  let part: Part | null = null;
  let isStopped = false;
  const waking = new AbortController();
  const first = Promise.withResolvers<void>();
  // Nobody may be waiting yet when it rejects; those who wait get the same rejection.
  first.promise.catch(() => undefined);

  async function runOnce(): Promise<{ how: string; fault: Fault | null }> {
    try {
      part = await launch();
    } catch (error) {
      return { how: describe(error), fault: faultOf(error) };
    }
    if (isStopped) await part.stop();
    events.onChange();
    let fault: Fault | null = null;
    part.ready.then(
      () => {
        first.resolve();
        events.onReady(role);
        events.onChange();
      },
      (error: unknown) => {
        fault = faultOf(error);
      },
    );
    const how = await part.exited;
    await part.ready.catch(() => undefined);
    part = null;
    events.onChange();
    return { how, fault };
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const { how, fault } = await runOnce();
      if (isStopped) break;
      events.onDeath(role, how);
      const isFinal = fault !== null && fault.retry.kind === 'no';
      const deaths = countDeath(performance.now());
      if (isFinal || deaths >= limit.count) {
        const last = isFinal ? fault : giveUpFault(role, how, fault, limit);
        isStopped = true;
        first.reject(new FaultError(last));
        events.onGiveUp(last);
        return;
      }
      const pauseMs = RESTART_PAUSES_MS[deaths - 1] ?? LONGEST_PAUSE_MS;
      await pause(pauseMs, undefined, { signal: waking.signal }).catch(() => undefined);
    }
    first.reject(new Error(`${role} was stopped before it served`));
  }

  const running = run();
  return {
    role,
    current: () => part,
    firstReady: first.promise,
    async stop() {
      isStopped = true;
      waking.abort();
      await part?.stop();
      await running;
    },
  };
}

function giveUpFault(role: PartRole, how: string, fault: Fault | null, limit: DeathLimit): Fault {
  const message = `The engine gave up: ${role} ended ${limit.count} times within ${limit.withinMs / 1000} s`;
  const cause = fault ? `${fault.message}${fault.cause ? `: ${fault.cause}` : ''}` : `the last time with ${how}`;
  // Room is made by people, and nothing has to be cleared then.
  if (isForRoom(cause)) {
    const fix = 'make room on the disk of the data folder, then run the command again';
    return { code: 'disk-full', message, cause, fix, retry: NO_RETRY };
  }
  return {
    code: 'engine-gave-up',
    ...{ message, cause },
    fix: `read why with "buildit engine logs", then clear it with "buildit engine stop" and run the command again`,
    retry: NO_RETRY,
  };
}

function describe(error: unknown): string {
  const fault = toFault(error);
  return fault.cause ?? fault.message;
}
