import type { ChildMessage } from '#core/engine-file.ts';

/** What worker and API last said about who needs the engine. */
export interface Activity {
  stages: number;
  clients: number;
  /** How people reach the open port; null while none is. */
  port: string | null;
  /** When the next timer of an open run falls due, ISO. */
  nextTimerAt: string | null;
  /** Runs without an ending; null while the API has not said. */
  openRuns: number | null;
}

export const NO_ACTIVITY: Activity = { stages: 0, clients: 0, port: null, nextTimerAt: null, openRuns: null };

/** Takes a message into account. */
export function noteActivity(activity: Activity, message: ChildMessage): Activity {
  switch (message.kind) {
    case 'stages':
      return { ...activity, stages: message.count };
    case 'clients':
      return {
        ...activity,
        clients: message.count,
        port: message.port,
        nextTimerAt: message.nextTimerAt,
        openRuns: message.openRuns ?? null,
      };
    case 'ready':
    case 'fatal':
      return activity;
    default:
      return message satisfies never;
  }
}

/**
 * What all processes together said. While one version takes over from another there are two of a role; one that ended
 * is not in the list, and what it said last no longer holds.
 */
export function combineActivities(activities: Iterable<Activity>): Activity {
  let all = NO_ACTIVITY;
  for (const one of activities) {
    all = {
      stages: all.stages + one.stages,
      clients: all.clients + one.clients,
      port: one.port ?? all.port,
      nextTimerAt: chooseEarlier(all.nextTimerAt, one.nextTimerAt),
      openRuns: one.openRuns ?? all.openRuns,
    };
  }
  return all;
}

function chooseEarlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) <= Date.parse(b) ? a : b;
}

/**
 * Whether the engine is needed now (ENGINE 7). A timer counts once it falls due within the idle time; one that is
 * further away (a gate open for a day) does not keep the engine, it expires at the next start; one long past neither,
 * since whatever did not happen then is not waited for.
 */
export function isNeeded(activity: Activity, nowMs: number, idleAfterMs: number): boolean {
  if (activity.stages > 0 || activity.clients > 0 || activity.port !== null) return true;
  return activity.nextTimerAt !== null && Math.abs(Date.parse(activity.nextTimerAt) - nowMs) <= idleAfterMs;
}

/** Looks whether anybody needs the engine. */
export interface IdleWatch {
  /** Somebody used it just now. */
  touch(): void;
  stop(): void;
}

/** Calls `onIdle` once, when for `idleAfterMs` nobody needed the engine. */
export function watchIdle(idleAfterMs: number, read: () => Activity, onIdle: () => void): IdleWatch {
  let neededAt = performance.now();
  const touch = (): void => {
    neededAt = performance.now();
  };
  // Looked at often enough that the engine leaves at most a quarter late; a connection in between touches by itself.
  const timer = setInterval(
    () => {
      const now = performance.now();
      // Timers fall due by the wall clock; how long nobody came is told by one that nobody sets.
      if (isNeeded(read(), Date.now(), idleAfterMs)) neededAt = now;
      else if (now - neededAt >= idleAfterMs) {
        clearInterval(timer);
        onIdle();
      }
    },
    Math.max(10, Math.min(idleAfterMs / 4, 30_000)),
  );
  return { touch, stop: () => clearInterval(timer) };
}
